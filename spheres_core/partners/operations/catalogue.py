"""Holds what is recorded to the region's catalogue."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from spheres_core.facts import Problem, msg
from spheres_core.foundation.errors import Invalid
from spheres_core.partners.queries.catalogue import in_use


class CodeUnknown(Invalid):
    """A code that the region's catalogue does not have, or no longer uses; `known` names those that it has."""

    code = "catalogue_code_unknown"
    message = msg("Please choose from the region’s list.")


def require_codes(codes: Collection[str], entries: Mapping[str, Any], *, path: str, kept: Collection[str] = ()) -> None:
    """Makes sure that each code is in use. `kept`: codes that the record has already. Raises `CodeUnknown`."""
    known = in_use(entries)
    if any(code not in known and code not in kept for code in codes):
        raise CodeUnknown(errors=[Problem(CodeUnknown.message, path=path)], extra={"known": list(known)})
