"""Knows how many beds each shelter has free tonight. *Night*: the one that begins on the date it is named by."""
