"""Pages of committees: in her file, for members, and for whoever prepares meetings."""
