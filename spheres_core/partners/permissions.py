"""Names the permissions of this room."""

from typing import Final

ADMINISTER: Final = "partners.administer"
"""Take other directories in."""
EDIT: Final = "partners.edit"
"""The permission to change entries of the directory."""
EDIT_OWN: Final = "partners.edit_own"
"""The permission to keep the entries of one's own organization up to date."""
DECIDE: Final = "partners.decide"
"""The permission to end conflicts between a plugin and this region."""
