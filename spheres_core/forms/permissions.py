"""Names the permissions of this room."""

from typing import Final

EDIT: Final = "forms.edit"
"""The permission to write forms and to publish them."""
