"""Who may give a consent, by age, kind and law; around 14, 18 and 25, for those born on a leap day too."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from spheres_core.consents.authority import (
    HERSELF_ONLY,
    NOBODY,
    Authority,
    birthday,
    cell_of,
    holds_until,
    may_be_minor,
    who_may_consent,
)
from spheres_core.consents.schemas import GIVERS, ConsentKind
from spheres_core.facts import AgeRange
from spheres_core.partners.legal_profiles import LeapDay, LegalProfile, read_legal
from tests.examples import examples
from tests.plugins.region_files import PLUGINS

PROFILE: Final = read_legal([PLUGINS / "quebec" / "legal.toml"], "quebec")
KINDS: Final[tuple[ConsentKind, ...]] = get_args(ConsentKind)
REGIMES: Final = ("", "P-39.1", "R-22.1")
BORN: Final = st.dates(dt.date(1990, 1, 1), dt.date(2020, 12, 31)) | st.just(dt.date(2008, 2, 29))
HERSELF: Final = frozenset({"herself"})
PARENTS: Final = frozenset({"parent", "tutor"})
OTHERS: Final = frozenset({"parent", "tutor", "benefit"})
OFFERED_AT: Final = {"herself": HERSELF, "parents": PARENTS, "benefit": OTHERS, "nobody": frozenset()}


def at(age: int, kind: ConsentKind, regime: str = "", **more: Any) -> Authority:
    return who_may_consent(PROFILE, kind, AgeRange(age, age), dt.date(2026, 11, 29), regime=regime, **more)


@pytest.mark.parametrize(
    ("kind", "regime", "at_12_13", "at_14_17", "from_18"),
    [
        ("participation", "", "herself", "herself", "herself"),
        ("information", "P-39.1", "benefit", "herself", "herself"),
        ("information", "R-22.1", "nobody", "nobody", "herself"),
        ("information", "", "nobody", "nobody", "herself"),
        ("care", "", "parents", "herself", "herself"),
        ("research", "", "nobody", "nobody", "herself"),
        ("publication", "", "nobody", "nobody", "herself"),
    ],
)
def test_each_cell_of_the_profile_says_who_may_give_it(
    kind: ConsentKind, regime: str, at_12_13: str, at_14_17: str, from_18: str
) -> None:
    for said, ages in ((at_12_13, (12, 13)), (at_14_17, (14, 17)), (from_18, (18, 24, 25, 40))):
        for age in ages:
            assert at(age, kind, regime).givers == OFFERED_AT[said], age


def test_what_no_lawyer_has_confirmed_says_so() -> None:
    sure = {(kind, age) for kind in KINDS for age in range(12, 25) if not at(age, kind).to_confirm}

    assert sure == {("care", age) for age in range(12, 18)}


def test_publishing_is_not_offered_to_minors() -> None:
    assert {age for age in range(12, 26) if at(age, "publication").offered} == set(range(18, 26))


def test_nobody_may_where_the_profile_says_nothing() -> None:
    for kind in KINDS:
        nobody = HERSELF_ONLY if kind == "participation" else NOBODY
        assert at(11, kind) == nobody
        assert who_may_consent(None, kind, AgeRange(20, 20), dt.date(2026, 1, 1)) == nobody
    assert at(20, "information", "X-1") == NOBODY


@given(kind=st.sampled_from(KINDS), regime=st.sampled_from(REGIMES), least=st.integers(10, 26), more=st.integers(0, 9))
def test_where_only_a_range_is_known_nobody_may_who_may_not_at_each_of_its_ages(
    kind: ConsentKind, regime: str, least: int, more: int
) -> None:
    found = who_may_consent(PROFILE, kind, AgeRange(least, least + more), dt.date(2026, 11, 29), regime=regime)
    each = [at(age, kind, regime).givers for age in range(least, least + more + 1)]

    assert found.givers == frozenset.intersection(*each)


@given(kind=st.sampled_from(KINDS), age=st.integers(8, 40))
def test_where_the_law_of_the_holder_is_not_known_nobody_may_who_may_not_under_each(
    kind: ConsentKind, age: int
) -> None:
    for regime in ("P-39.1", "R-22.1"):
        assert at(age, kind).givers <= at(age, kind, regime).givers


@given(born=BORN, days=st.integers(0, 365 * 30), kind=st.sampled_from(KINDS), regime=st.sampled_from(REGIMES))
def test_a_birthday_gives_nobody_else_more_and_never_takes_her_own_voice(
    born: dt.date, days: int, kind: ConsentKind, regime: str
) -> None:
    on = born.replace(day=1) + dt.timedelta(days=365 * 12 + 40 + days)
    now = who_may_consent(PROFILE, kind, born, on, regime=regime)
    later = who_may_consent(PROFILE, kind, born, on + dt.timedelta(days=400), regime=regime)

    assert later.givers - HERSELF <= now.givers
    assert now.givers & HERSELF <= later.givers


@settings(max_examples=examples(60))
@given(
    kind=st.sampled_from(KINDS), regime=st.sampled_from(REGIMES), age=st.integers(8, 40),
    cell=st.sampled_from([cell_of(rule) for rule in PROFILE.consents]),
    giver=st.sampled_from(sorted(GIVERS)) | st.text(max_size=5),
)  # fmt: skip
def test_a_region_decides_only_what_is_to_be_confirmed_and_never_that_somebody_else_takes_part_for_her(
    kind: ConsentKind, regime: str, age: int, cell: str, giver: str
) -> None:
    before, after = at(age, kind, regime), at(age, kind, regime, decided={cell: giver})

    if cell not in before.cells or not before.to_confirm or giver not in GIVERS:
        assert after == before
    assert after.to_confirm == before.to_confirm, "the mark stays"
    if kind == "participation":
        assert after.givers == before.givers


def test_no_profile_lets_anybody_take_part_for_her() -> None:
    rules = tuple(structs.replace(each, giver="parent_or_tutor", status="verified") for each in PROFILE.consents)
    weaker = structs.replace(PROFILE, consents=rules)

    for age in range(10, 30):
        assert who_may_consent(weaker, "participation", AgeRange(age, age), dt.date(2026, 1, 1)).givers == HERSELF


def test_what_was_read_in_the_law_is_not_decided_and_one_cell_to_be_confirmed_marks_the_whole() -> None:
    assert at(13, "care", decided={"care/12-13": "herself"}).givers == PARENTS
    day = dt.date(2026, 11, 29)
    assert not who_may_consent(PROFILE, "care", AgeRange(14, 17), day).to_confirm
    assert who_may_consent(PROFILE, "care", AgeRange(17, 18), day).to_confirm


def test_what_a_region_decided_holds_for_that_cell() -> None:
    decided = {"information/R-22.1/14-17": "herself"}

    assert at(15, "information", "R-22.1", decided=decided).givers == HERSELF
    assert at(15, "information", decided=decided).givers == HERSELF, "both acts say so now"
    assert at(13, "information", "R-22.1", decided=decided).givers == frozenset()


# ---- both ------------------------------------------------------------------------------------------------------------


BOTH: Final = {"taking_part/12-13": "herself_and_parent_or_tutor"}


def test_where_a_region_decides_so_she_and_a_parent_or_tutor_take_the_decision_together() -> None:
    for age in range(10, 27):
        before, decided = at(age, "participation"), at(age, "participation", decided=BOTH)
        assert decided.givers == before.givers == HERSELF
        assert before.also == frozenset()
        assert decided.also == (PARENTS if age in (12, 13) else frozenset()), age


def test_where_only_a_range_is_known_a_parent_is_asked_too_if_one_of_its_ages_needs_it() -> None:
    for least in range(10, 20):
        for most in range(least, 25):
            day = dt.date(2026, 11, 29)
            found = who_may_consent(PROFILE, "participation", AgeRange(least, most), day, decided=BOTH)
            asked = any(at(age, "participation", decided=BOTH).also for age in range(least, most + 1))
            assert bool(found.also) == (asked and least >= 12), (least, most)


@pytest.mark.parametrize("born", [dt.date(2012, 11, 29), dt.date(2012, 2, 29)])
def test_on_the_day_on_which_she_turns_14_she_needs_nobody_else(born: dt.date) -> None:
    day = birthday(PROFILE, born, 14)

    for offset, also in ((-1, PARENTS), (0, frozenset())):
        on = day + dt.timedelta(days=offset)
        assert who_may_consent(PROFILE, "participation", born, on, decided=BOTH).also == also


def test_what_she_gave_alone_ends_on_a_birthday_from_which_a_parent_must_agree_too() -> None:
    decided = {"taking_part/14-17": "herself_and_parent_or_tutor"}
    born, on = dt.date(2013, 3, 3), dt.date(2026, 11, 29)

    assert holds_until(PROFILE, "participation", "herself", born, on, decided=decided) == dt.date(2027, 3, 3)
    assert holds_until(PROFILE, "participation", "herself", born, on, decided=decided, together=True) is None


# ---- birthdays -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("age", [14, 18, 25])
@pytest.mark.parametrize(
    "born", [dt.date(2010, 6, 15), dt.date(2008, 2, 29), dt.date(2012, 2, 29), dt.date(2011, 1, 1)]
)
def test_the_day_itself_counts_and_the_day_before_does_not(born: dt.date, age: int) -> None:
    day = birthday(PROFILE, born, age)

    for offset, expected in ((-1, age - 1), (0, age), (1, age)):
        on = day + dt.timedelta(days=offset)
        for kind in KINDS:
            assert who_may_consent(PROFILE, kind, born, on, regime="P-39.1") == at(expected, kind, "P-39.1")


def test_born_on_a_leap_day_she_turns_14_on_the_day_that_the_profile_says() -> None:
    born = dt.date(2012, 2, 29)
    earlier = structs.replace(PROFILE, leap_day=LeapDay("02-28", "to_confirm"))
    silent = structs.replace(PROFILE, leap_day=None)

    assert birthday(PROFILE, born, 14) == dt.date(2026, 3, 1)
    assert birthday(silent, born, 14) == dt.date(2026, 3, 1)
    assert birthday(None, born, 14) == dt.date(2026, 3, 1)
    assert birthday(earlier, born, 14) == dt.date(2026, 2, 28)
    assert birthday(earlier, born, 16) == dt.date(2028, 2, 29)
    for profile, first in ((PROFILE, dt.date(2026, 3, 1)), (earlier, dt.date(2026, 2, 28))):
        eve = first - dt.timedelta(days=1)
        assert who_may_consent(profile, "care", born, eve).givers == PARENTS
        assert who_may_consent(profile, "care", born, first).givers == HERSELF


@given(born=BORN, age=st.integers(12, 24), kind=st.sampled_from(KINDS), regime=st.sampled_from(REGIMES),
       later=st.integers(0, 5000))  # fmt: skip
def test_a_consent_holds_until_the_first_birthday_at_which_its_giver_may_no_longer_give_it(
    born: dt.date, age: int, kind: ConsentKind, regime: str, later: int
) -> None:
    on = birthday(PROFILE, born, age) + dt.timedelta(days=100)
    asked = on + dt.timedelta(days=later)
    for giver in who_may_consent(PROFILE, kind, born, on, regime=regime).givers:
        until = holds_until(PROFILE, kind, giver, born, on, regime=regime)
        still = giver in who_may_consent(PROFILE, kind, born, asked, regime=regime).givers
        assert still == (until is None or asked < until)


def test_her_own_consent_has_no_birthday_and_a_parents_has_her_fourteenth() -> None:
    born, on = dt.date(2013, 3, 3), dt.date(2026, 11, 29)

    assert holds_until(PROFILE, "care", "parent", born, on) == dt.date(2027, 3, 3)
    assert holds_until(PROFILE, "participation", "herself", born, on) is None


def test_an_age_that_no_cell_is_about_ends_what_was_given_before_it() -> None:
    rules = tuple(rule for rule in PROFILE.consents if rule.kind != "care" or rule.ages != (14, 17))
    gap: LegalProfile = structs.replace(PROFILE, consents=rules)

    assert holds_until(gap, "care", "parent", dt.date(2013, 3, 3), dt.date(2026, 11, 29)) == dt.date(2027, 3, 3)


@pytest.mark.parametrize(
    ("born", "minor"),
    [
        (None, True), (AgeRange(17, 24), True), (AgeRange(18, 24), False),
        (dt.date(2008, 11, 30), True), (dt.date(2008, 11, 29), False),
    ],
)  # fmt: skip
def test_whoever_may_be_under_18_counts_as_a_minor(born: Any, minor: bool) -> None:
    assert may_be_minor(PROFILE, born, dt.date(2026, 11, 29)) is minor
