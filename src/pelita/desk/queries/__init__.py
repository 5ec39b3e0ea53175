"""Every read of the desk. Each takes the office, and the officer's place where it decides what may be seen."""
