"""Questions about transfers, by topic."""
