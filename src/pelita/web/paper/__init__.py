"""What is printed. Pure: plain data in, bytes of a PDF out."""
