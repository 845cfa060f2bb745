"""Structs that the API of this room takes and gives."""
