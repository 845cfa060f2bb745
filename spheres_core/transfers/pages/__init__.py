"""Pages of transfers, by topic."""
