"""Every write of the wire, one verb a file."""
