"""From a folder of spreadsheets to a pack, and back.

A *folder* holds what people who do not write TOML keep: forms, a partner list, a sheet of terms, a translation sheet,
pages. The rooms know what their sheets mean; here they are found, joined and written. Either everything is sound and a
whole pack stands there, or nothing is written and every finding is told with file, sheet, row and column.
"""
