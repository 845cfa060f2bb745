"""Names the permissions of this room."""

from typing import Final

ADMINISTER: Final = "site.administer"
RENAME: Final = "site.terms"
"""The permission to rename terms."""
SWITCH: Final = "site.plugins"
"""The permission to look at what plugins would do and to switch them."""
WRITE: Final = "site.pages"
"""The permission to write pages of the site."""
PUBLISH: Final = "site.packs"
"""The permission to upload packs, to look at them as previews, and to put them in force."""
EXPORT: Final = "site.export"
"""The permission to take a copy of what a plugin holds."""
EVALUATE: Final = "site.evaluate"
"""The permission to open the page of evaluation."""
