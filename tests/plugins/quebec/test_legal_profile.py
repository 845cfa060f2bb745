"""What the pack of Québec says of the law, and how well each part is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.partners.code_lists import read_catalogue
from spheres_core.partners.legal_profiles import LegalProfile, read_legal
from tests.plugins.region_files import PLUGINS, numbers


def profile() -> LegalProfile:
    return read_legal([PLUGINS / "quebec" / "legal.toml"], "quebec")


def test_the_ages_are_14_and_18() -> None:
    assert [each.age for each in profile().ages] == [14, 18]


def test_nothing_is_ever_sent_by_the_software() -> None:
    assert profile().reporting.sent_by_software == "never"


def test_no_profile_lets_the_software_send_anything(tmp_path: Path) -> None:
    ours = (PLUGINS / "quebec" / "legal.toml").read_text(encoding="utf-8")
    theirs = tmp_path / "legal.toml"
    for word in ("always", "when_sure", ""):
        theirs.write_text(ours.replace('sent_by_software = "never"', f'sent_by_software = "{word}"'), encoding="utf-8")
        with pytest.raises(ContentInvalid) as refused:
            read_legal([theirs], "elsewhere")
        assert "sent_by_software" in str(refused.value)


def test_each_age_from_12_to_24_has_one_rule_for_each_consent() -> None:
    rules = profile().consents
    kinds = {(rule.kind, rule.regime) for rule in rules}

    assert {kind for kind, _ in kinds} == {
        "taking_part",
        "information",
        "care",
        "research",
        "publication",
    }
    assert {regime for kind, regime in kinds if kind == "information"} == {"P-39.1", "R-22.1"}
    for kind, regime in kinds:
        for age in range(12, 25):
            found = [r for r in rules if (r.kind, r.regime) == (kind, regime) and r.ages[0] <= age <= r.ages[1]]
            assert len(found) == 1, (kind, regime, age)


def test_only_care_at_14_is_called_verified_and_the_rest_waits_for_a_lawyer() -> None:
    verified = {(rule.kind, rule.ages) for rule in profile().consents if rule.status == "verified"}

    assert verified == {("care", (12, 13)), ("care", (14, 17))}


def test_the_lines_differ_by_language_and_carry_the_day_they_were_verified() -> None:
    lines = {line.language: line for line in profile().youth_protection_lines}

    assert {language: line.phone for language, line in lines.items()} == {
        "fr": "514 896-3100",
        "en": "514 935-6196",
    }
    assert all(line.verified_on.year == 2026 and line.area == "montreal" for line in lines.values())


def test_the_lines_that_answer_everywhere_say_where_that_was_read() -> None:
    lines = profile().province_wide_lines

    assert {line.phone for line in lines} == {"1 800 668-6868", "988"}
    assert all(line.status == "verified" and line.source and set(line.languages) == {"fr", "en"} for line in lines)
    assert "immediate_danger" not in {line.audience for line in lines}, "no number for it answers in every village"


def test_no_other_number_stands_in_the_pack() -> None:
    assert numbers("quebec") - {"988"} == {"5148963100", "5149356196", "8006686868"}


def test_lists_taken_from_the_document_say_so_and_have_their_length() -> None:
    catalogue = read_catalogue([PLUGINS / "quebec" / "catalogue.toml"], "quebec")

    assert catalogue.activity_purposes is not None
    assert len(catalogue.activity_purposes.items) == 6
    assert catalogue.principles is not None
    assert len(catalogue.principles.items) == 6
    assert catalogue.session_themes is not None
    assert "Derived" in catalogue.session_themes.derived_from
