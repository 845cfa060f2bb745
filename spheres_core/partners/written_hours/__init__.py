"""Reads and writes opening hours as people write them, for sheets and for the directory's pages."""
