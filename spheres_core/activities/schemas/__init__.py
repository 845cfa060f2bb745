"""Structs of activities."""
