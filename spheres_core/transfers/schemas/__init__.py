"""Structs of transfers, by topic."""
