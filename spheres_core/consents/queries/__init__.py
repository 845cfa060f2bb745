"""Who reads, and why somebody may."""
