"""One file for each failure drill."""
