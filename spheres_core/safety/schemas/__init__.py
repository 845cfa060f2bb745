"""Frozen structs of emergency plans, by topic."""
