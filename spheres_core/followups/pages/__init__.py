"""Pages of following participants: a worker's day, the sections of a file, handing over."""
