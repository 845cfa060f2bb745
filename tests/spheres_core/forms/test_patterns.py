"""Patterns of constraints: the same in both engines, and never slow."""

from __future__ import annotations

import re
import time
from typing import Final

import pytest
import quickjs
from hypothesis import given, settings
from hypothesis import strategies as st

from spheres_core.forms.expressions.patterns import REACH, PatternInvalid, safe_pattern
from spheres_core.forms.pattern_examples import example_of
from tests.examples import examples

DANGEROUS: Final = [
    "(a+)+",
    "(a*)*",
    "(a|a)*",
    "(a|aa)+",
    "([a-z]+)*$",
    "(.*a){20}",
    "a*a*a*a*b",
    "(a?){30}a{30}",
    ".*.*.*x",
    "(\\w+\\s?)*",
    "((a{1,50}){1,10}){1,10}",
    "(?=a)a",
    "(?<=a)b",
    "(a)\\1",
    "\\bword",
    "a{5000}",
    "a**",
    "a++",
    "a??",
    "(",
    ")",
    "[",
    "[]",
    "[z-a]",
    "a{2,1}",
    "x{",
    "^one|two$",
    "\\",
    "\\p{L}",
    "(?i)a",
    "*a",
    "a" * 501,
]
PLAIN: Final = [
    "[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,4}",
    "^\\(?[0-9]{3}\\)?[-. ]?[0-9]{3}[-. ]?[0-9]{4}$",
    "(\\d{1,3}\\.){3}\\d{1,3}",
    "[A-Z]\\d[A-Z] ?\\d[A-Z]\\d",
    "^(yes|no|maybe)$",
    ".{2,40}",
    "\\w+",
    "[^<>]*",
    "\\d{4}-\\d{2}-\\d{2}",
    "[a-zà-ÿ' -]+",
    "(a|b)?c*",
    "\\S+ \\S+",
    "",
    "a|b|",
    "[\\]\\\\-]+",
    "[&~|#-]+",
    "/x/",
    ".*[0-9].*",
]


@pytest.mark.parametrize("pattern", DANGEROUS)
def test_a_pattern_that_could_hang_or_differ_is_refused(pattern: str) -> None:
    with pytest.raises(PatternInvalid):
        safe_pattern(pattern)


@pytest.mark.parametrize("pattern", PLAIN)
def test_an_ordinary_pattern_is_accepted_and_has_an_example(pattern: str) -> None:
    written = safe_pattern(pattern)

    assert re.fullmatch(written, example_of(written)) is not None


ENGINE: Final = quickjs.Context()
ENGINE.eval("function matches(pattern, text) { return new RegExp(`^(?:${pattern})$`, 'u').test(text); }")
MATCHES: Final = ENGINE.get("matches")
ATOMS: Final = st.sampled_from(
    [
        "a",
        "b",
        ".",
        "\\d",
        "\\w",
        "\\s",
        "[ab]",
        "[^a]",
        "[a-c0-9]",
        "é",
        "-",
        "\\.",
        "\\W",
        "[\\d-]",
    ]
)
QUANTIFIERS: Final = st.sampled_from(["", "", "?", "*", "+", "{2}", "{1,3}", "{0,5}", "{2,}"])


def sequences(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    quantified = st.builds(lambda atom, times: atom + times, inner, QUANTIFIERS)
    sequence = st.lists(quantified, min_size=1, max_size=5).map("".join)
    return st.lists(sequence, min_size=1, max_size=3).map(lambda parts: f"({'|'.join(parts)})")


PATTERNS: Final = st.recursive(ATOMS, sequences, max_leaves=10)


@settings(max_examples=examples(1500))
@given(PATTERNS, st.text(st.sampled_from("ab1é-. _\n😀"), max_size=12))
def test_both_engines_match_alike(pattern: str, text: str) -> None:
    try:
        written = safe_pattern(pattern)
    except PatternInvalid:
        return
    there = MATCHES(written, text)

    assert there == (re.fullmatch(written, text) is not None)


@settings(max_examples=examples(150))
@given(PATTERNS, st.sampled_from("ab1 "))
def test_no_accepted_pattern_is_slow(pattern: str, letter: str) -> None:
    try:
        written = safe_pattern(pattern)
    except PatternInvalid:
        return
    compiled = re.compile(written)
    started = time.thread_time()

    compiled.fullmatch(letter * (REACH - 1) + "!")

    assert time.thread_time() - started < 1


def test_a_dangerous_pattern_really_is_slow() -> None:
    """Control: what is refused above would hang. Each letter doubles its time."""

    def seconds(letters: int) -> float:
        started = time.thread_time()
        re.fullmatch("(a|a)*", "a" * letters + "!")
        return time.thread_time() - started

    assert seconds(22) > 8 * seconds(14)
