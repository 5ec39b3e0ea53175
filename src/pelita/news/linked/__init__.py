"""The office's number as a linked device, over ``neonize`` (``pip install pelita-massa[linked]``): off unless somebody
starts ``./pelita linked``, which says what it risks. Nothing else of the product imports neonize."""
