"""Changes what is kept about participants: their codes, and what is recorded in their files."""
