"""Pages of activities: outings, and those of her file."""
