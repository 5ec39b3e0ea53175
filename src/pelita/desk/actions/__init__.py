"""Every write of the desk: one verb a file, keyword-only, one transaction, one conditional move, one journal fact."""
