"""Structs of support."""
