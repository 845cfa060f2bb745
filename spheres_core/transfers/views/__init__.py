"""Pages of transfers, built from queries."""
