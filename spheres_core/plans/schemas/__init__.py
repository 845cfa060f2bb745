"""Structs of plans by topic: what is posted, what is answered, and rows between queries and operations."""
