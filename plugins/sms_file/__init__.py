"""Writes text messages to files instead of sending them: what a gateway of a region looks like, without a network."""
