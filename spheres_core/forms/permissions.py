"""Names the permissions of this room."""

from typing import Final

EDIT: Final = "forms.edit"
"""The permission to write forms and to publish them."""
EXPORT: Final = "forms.export"
"""The permission to take a form out as a file for another tool."""
