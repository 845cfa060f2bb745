"""Pages of emergency plans, by topic."""
