"""Acts about transfers, by topic."""
