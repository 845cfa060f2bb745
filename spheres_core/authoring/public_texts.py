"""Chooses the texts that visitors of a region's site read, for translators who have little time.

A page for visitors extends `base.html`; one for staff extends `staff.html`. What code says to visitors stands in the
modules named here; a test visits every public page, sends every public form, and finds the one that is missing.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from spheres_core.foundation.languages.extraction import ExtractedText
from spheres_core.foundation.languages.localization import CatalogKey

VISITORS: Final = "base.html"
FOR_EVERYONE: Final = ("error.html", "root.html")
"""Templates that are chosen by code: the error page, and the way to a region."""
STAFF: Final = "staff.html"
MODULES: Final = (
    "spheres_core/forms/answers.py",
    "spheres_core/forms/answer_types.py",
    "spheres_core/forms/attachments/",
    "spheres_core/forms/posted_answers.py",
    "spheres_core/forms/views/fields.py",
    "spheres_core/forms/views/inputs.py",
    "spheres_core/foundation/errors.py",
    "spheres_core/foundation/tenancy/post_limits.py",
    "spheres_core/foundation/web/",
    "spheres_core/inquiries/form_token.py",
    "spheres_core/inquiries/operations.py",
    "spheres_core/inquiries/schemas.py",
    "spheres_core/inquiries/views.py",
    "spheres_core/partners/code_lists.py",
    "spheres_core/partners/entry_display.py",
    "spheres_core/partners/hours.py",
    "spheres_core/partners/queries/matching.py",
    "spheres_core/partners/recurrence.py",
    "spheres_core/partners/schemas/",
    "spheres_core/partners/service_matching.py",
    "spheres_core/partners/views/contact_ways.py",
    "spheres_core/partners/views/opening_hours_text.py",
    "spheres_core/partners/views/search_view.py",
    "spheres_core/referrals/operations/attachments.py",
    "spheres_core/referrals/operations/idempotency.py",
    "spheres_core/referrals/operations/intake.py",
    "spheres_core/referrals/operations/questions.py",
    "spheres_core/referrals/receipts.py",
    "spheres_core/referrals/views/age_guidance.py",
    "spheres_core/referrals/views/attachments.py",
    "spheres_core/referrals/views/form_texts.py",
    "spheres_core/referrals/views/receipt.py",
    "spheres_core/site/pages/public.py",
    "spheres_core/site/views/contact_points.py",
    "spheres_core/site/views/data_use.py",
    "spheres_core/site/views/frame.py",
    "spheres_core/site/views/partners.py",
    "spheres_core/site/views/public.py",
    "spheres_core/support/operations/advice_requests.py",
    "spheres_core/support/operations/entourage.py",
    "spheres_core/support/operations/word_checks.py",
    "spheres_core/support/queries/advice.py",
    "spheres_core/support/queries/entourage.py",
    "spheres_core/support/schemas/",
    "spheres_core/support/views/advice_pages.py",
    "spheres_core/support/views/entourage_form.py",
    "spheres_core/support/views/entourage_own.py",
    "spheres_core/support/views/library.py",
)
"""Beginnings of paths of modules whose sentences visitors meet."""
NAMES: Final = frozenset({"Home"})
"""Names of pages in the navigation, from modules whose other sentences are for staff."""

_USES: Final = re.compile(r"{%-?\s*(?:extends|include|import|from)\s+[\"']([^\"']+)[\"']")
_EXTENDS: Final = re.compile(r"{%-?\s*extends\s+[\"']([^\"']+)[\"']")


def public_texts(found: Mapping[CatalogKey, ExtractedText], root: Path) -> dict[CatalogKey, ExtractedText]:
    """Returns those of the core's texts that visitors read. `root` is the folder that the texts' files lie in."""
    templates = public_templates(root / "spheres_core")
    files = {path.relative_to(root).as_posix() for path in templates}
    return {
        key: each
        for key, each in found.items()
        if files.intersection(each.files) or any(_is_module(file) for file in each.files) or key[1] in NAMES
    }


def _is_module(file: str) -> bool:
    return file.endswith(".py") and file.startswith(MODULES)


def public_templates(package: Path) -> set[Path]:
    """Returns the templates of the pages for visitors, with all that they extend, include or import."""
    by_name = {path.relative_to(folder).as_posix(): path for folder in package.rglob("templates") if folder.is_dir()
               for path in folder.rglob("*.html")}  # fmt: skip
    sources = {name: path.read_text(encoding="utf-8") for name, path in by_name.items()}
    waiting = [name for name in sources if VISITORS in _chain(name, sources) and STAFF not in _chain(name, sources)]
    waiting += FOR_EVERYONE
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in sources and name not in reached:
            reached.add(name)
            waiting += _USES.findall(sources[name])
    return {by_name[name] for name in reached}


def _chain(name: str, sources: Mapping[str, str]) -> list[str]:
    """Returns a template and what it extends, to the last."""
    chain = [name]
    while (more := _EXTENDS.search(sources.get(chain[-1], ""))) and more[1] not in chain:
        chain.append(more[1])
    return chain
