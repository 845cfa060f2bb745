"""Structs of committees."""
