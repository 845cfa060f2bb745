"""Structs of this room."""
