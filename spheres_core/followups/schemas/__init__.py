"""Structs of following participants, by topic."""
