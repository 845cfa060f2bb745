"""Finds participants, and opens their files, for readers who may know of them."""
