"""A small made-up region, so that a plugin without a referral form of its own can be seen at work."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from spheres_core.foundation.plugins.discovery import Installed
from spheres_core.foundation.plugins.manifest import read_manifest
from spheres_core.testing.plugin_folders import write_plugin

ID: Final = "conformance_region"
MANIFEST: Final = {
    "title": {"fr": "Région d’essai", "en": "Trial region"},
    "description": {"fr": "Sert à vérifier un plugiciel.", "en": "Serves to check a plugin."},
    "provides": {"content": ["forms/referral.md"]},
    "data": {"categories": ["referral"]},
}
FORM: Final = """
| survey |
| | type | name | meaning | label::Français (fr) | label::English (en) | required |
| | select_one knows | knows | knows | Le sait-elle? | Do they know? | yes |
| | select_one agrees | agrees | agrees_to_contact | Accepte-t-elle? | Do they agree? | yes |
| | text | care | safe_contact | Comment la joindre? | How can they be reached? |  |
| | integer | age | age | Son âge | Their age |  |
| | select_one language | language | language | Sa langue | Their language |  |
| | text | community | community | Où est-elle? | Where are they? |  |
| | select_multiple need | needs | need | Ses besoins | Their needs |  |
| | text | referrer_name | referrer_name | Votre nom | Your name | yes |
| | text | referrer_email | referrer_email | Votre courriel | Your e-mail address | yes |

| choices |
| | list_name | name | meaning | label::Français (fr) | label::English (en) |
| | knows | yes | yes | Oui | Yes |
| | knows | no | no | Non | No |
| | knows | unsure | unsure | On ne sait pas | Not sure |
| | agrees | yes | yes | Oui | Yes |
| | agrees | no | no | Non | No |
| | agrees | not_yet | not_yet | Pas encore | Not yet |
| | agrees | unknown | unknown | On ne sait pas | Not known |
| | language | fr | fr | Français | French |
| | language | en | en | Anglais | English |
| | need | safety | safety | Être en sécurité | Being safe |
| | need | housing | housing | Se loger | Housing |

| settings |
| | form_title::Français (fr) | form_title::English (en) | version |
| | Référence | Referral | 1 |
"""


def installed(folder: Path) -> Mapping[str, Installed]:
    """Writes the region into a folder; returns it by its id, as an installed plugin."""
    root = write_plugin(folder, ID, {"forms/referral.md": FORM}, **MANIFEST)
    return {ID: Installed(read_manifest(root), root)}
