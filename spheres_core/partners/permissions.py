"""Names the permissions of this room."""

from typing import Final

ADMINISTER: Final = "partners.administer"
"""Take other directories in."""
EDIT: Final = "partners.edit"
"""The permission to change entries of the directory."""
DECIDE: Final = "partners.decide"
"""The permission to end conflicts between a plugin and this region."""
