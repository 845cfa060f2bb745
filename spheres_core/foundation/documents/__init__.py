"""Makes documents that are printed or kept: PDF from a Typst template and plain data."""
