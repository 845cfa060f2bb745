"""The directory, the region's words and its lists as sheets: what people who keep a table know how to fill.

A *sheet* is a table of the format with its columns (`tables`); a *row* of the partner sheet has an organization's name
and, as they come, one of its roles, one of its services, its telephone. What is wrong keeps the place of its cell, and
the rules are those of `partners.toml`: the sheet is read into the same entries and checked by the same checks.
"""
