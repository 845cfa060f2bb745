"""Lints an XLSForm cell by cell for what pyxform lets through. All findings in one go."""

from __future__ import annotations

from spheres_core.forms.xlsform.lint_rules import (
    check_limits_and_flags,
    check_lists,
    check_nesting,
    check_references,
    check_rules,
    check_unique,
)
from spheres_core.forms.xlsform.lint_sizes import check_sizes
from spheres_core.forms.xlsform.lint_texts import (
    check_columns,
    check_languages,
    check_names,
    check_settings,
    check_texts,
    check_types,
)
from spheres_core.forms.xlsform.lint_types import check_special_types
from spheres_core.forms.xlsform.placements import check_placements
from spheres_core.forms.xlsform.sheets import XlsformSheets
from spheres_core.foundation.content.packs import Finding


def lint(source: XlsformSheets, languages: tuple[str, ...] = ()) -> list[Finding]:
    """Finds everything to mend that can be seen without understanding the form as a whole."""
    return [
        *check_nesting(source),
        *check_columns(source),
        *check_settings(source),
        *check_types(source),
        *check_special_types(source),
        *check_placements(source),
        *check_names(source),
        *check_texts(source),
        *check_rules(source),
        *check_references(source),
        *check_sizes(source),
        *check_lists(source),
        *check_unique(source),
        *check_limits_and_flags(source),
        *check_languages(source, languages),
    ]
