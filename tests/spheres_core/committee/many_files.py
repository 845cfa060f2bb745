"""Meetings with many items."""

from __future__ import annotations

from typing import Any, Final

from tests.spheres_core.committee.conftest import TEAM_CLASSES, Committee

DISCUSSED_BY: Final = ("marie_vincent", "anonyme", "en_marge_12_17", "*team")


def add_items(committee: Committee, meeting: dict[str, Any], many: int) -> None:
    """Puts so many participants on the agenda of a meeting, each with a plan that every organization may discuss."""
    for _ in range(many):
        code = committee.followed(*TEAM_CLASSES)
        for number in range(3):
            strength = {"what": f"Une force {number}", "identified_by": "both"}
            committee.pivot.do(f"/participants/{code}/strengths", strength)
            need = {"need": "housing", "identified_by": "herself", "urgency": "soon", "what": f"Un besoin {number}"}
            committee.pivot.do(f"/participants/{code}/needs", need)
        for organization in DISCUSSED_BY:
            committee.lets(code, organization)
        committee.put(code, meeting)
