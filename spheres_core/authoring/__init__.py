"""How a region's plugin and tenant come to be: from questions asked on the command line, or from spreadsheets.

A *scaffold* is a living plugin written into an empty folder; *sheets* are the tables that people who do not write TOML
keep (an XLSForm, a partner list, a translation sheet), from which a pack is made and into which it is written again.
"""
