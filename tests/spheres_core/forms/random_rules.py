"""Random rules of forms and random answers, with every sign and function."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from spheres_core.forms.expressions.functions import FUNCTIONS

NAMES: Final = ("a", "b", "c", "d")
COLUMNS: Final = ("region", "kind")
DATES: Final = (
    "2026-11-21",
    "2025-02-29",
    "1970-1-1",
    "2024-02-29T23:59:59.999-05:00",
    "2026-07-01T00:00:00Z",
    "0001-01-01",
    "2026-11-21T10:20",
    "06:30:00.000-07:00",
    "23:59",
)

USUAL_WORDS: Final = (
    "", "yes", "no", "a b", " a", "10", "9", "-3", "1.50", "007", "4,6", " 7 ", "é", "x\u00a0y", "1e5", "true", "false",
    "Infinity", "NaN", ".5", "5.", "SGVsbG8=", "w6k=", "/w==", *DATES,
)  # fmt: skip
WORDS: Final = st.one_of(
    st.sampled_from(USUAL_WORDS),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12),
    st.text(st.sampled_from("aé😀\uff5e1 "), max_size=6),
)


def _numbers(powers: st.SearchStrategy[int]) -> st.SearchStrategy[float]:
    """At most fifteen digits: beyond, QuickJS (unlike browsers) does not always write the shortest text of a double."""
    return st.one_of(
        st.integers(-100, 100).map(float),
        st.builds(lambda digits, power: float(f"{digits}e{power}"), st.integers(-(10**15) + 1, 10**15 - 1), powers),
        st.sampled_from([0.0, 0.1, 0.5, 1e21, 1e20, 1e-7, 1e-6, 2.5, -2.5, 1.005, 20000.0, 20000.29]),
    )


NUMBERS: Final = _numbers(st.integers(-25, 25))
"""Those of which QuickJS, as browsers do, reads the text as the same number again."""
LARGE_NUMBERS: Final = _numbers(st.integers(-40, 40) | st.integers(-280, 280))
CODES: Final = st.lists(st.sampled_from(["yes", "no", "a", "b"]), max_size=4)
ANSWERS: Final = st.one_of(NUMBERS, WORDS, CODES.map(" ".join))
VALUES: Final = st.one_of(st.none(), st.booleans(), ANSWERS, st.lists(ANSWERS, max_size=4))
PATTERNS: Final = st.sampled_from(
    [
        "[a-z]+",
        "[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,4}",
        "\\d{3}[ -]?\\d{4}",
        "^(yes|no)$",
        "[^0-9]*",
        "\\w+",
        "..?.?",
        "(a|é)?.*",
        "[\\s]*\\S*",
        "\\-?[0-9]{1,3}(\\.[0-9]{1,2})?",
    ]
)
FORMATS: Final = st.sampled_from(["%Y-%m-%d", "%e %b %y", "%a %n", "%H:%M:%S.%3", "%h%%", "le %d"])
WRITTEN: Final = {"regex", "format-date", "format-date-time", "digest"}
"""Functions that are given a text of the rule itself."""
OF_A_PLACE: Final = {"position", "index", "indexed-repeat", "jr:choice-name", "random", "once"}
"""Functions that only a form gives a meaning."""
OF_ANSWERS: Final = {"count", "count-non-empty", "sum"}
FREE: Final = sorted(FUNCTIONS.keys() - WRITTEN - OF_A_PLACE - OF_ANSWERS)


def quoted(text: str) -> str:
    return f'"{text}"' if "'" in text else f"'{text}'"


def literals(references: tuple[str, ...] = tuple(f"${{{name}}}" for name in NAMES)) -> st.SearchStrategy[str]:
    return st.one_of(
        WORDS.filter(lambda text: '"' not in text or "'" not in text).map(quoted),
        st.integers(0, 30).map(str),
        st.sampled_from(["0.5", "2.25", ".1", "1000000", "1e-7", "20000"]),
        st.sampled_from(references),
        st.sampled_from(references),
        st.sampled_from(["today()", "now()", "true()", "false()", "pi()", "null"]),
    )


@st.composite
def calls(draw: Any, inner: st.SearchStrategy[str]) -> str:
    """A call of any function that needs no more than values."""
    name = draw(st.sampled_from(FREE))
    least, most, even = FUNCTIONS[name]
    count = draw(st.integers(least, min(least + 2, most if most is not None else least + 2)))
    count += even and count % 2
    return f"{name}({', '.join(draw(inner) for _ in range(count))})"


def compounds(inner: st.SearchStrategy[str], answers: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "and", "or"])
    digests = st.sampled_from(["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"])
    return st.one_of(
        st.builds(lambda left, sign, right: f"({left} {sign} {right})", inner, signs, inner),
        st.builds(lambda left, sign, right: f"({left} {sign} {right})", inner, signs, inner),
        inner.map(lambda value: f"-({value})"),
        calls(inner),
        calls(inner),
        st.builds(lambda name, answer: f"{name}({answer})", st.sampled_from(sorted(OF_ANSWERS)), answers),
        st.builds(lambda value, digits: f"round({value}, {digits})", inner, st.integers(-6, 6)),
        st.builds(lambda value, pattern: f"regex({value}, '{pattern}')", inner, PATTERNS),
        st.builds(lambda value, pattern: f"format-date-time({value}, '{pattern}')", inner, FORMATS),
        st.builds(lambda value, name: f"digest({value}, '{name}', 'hex')", inner, digests),
        st.builds(lambda value, name: f"digest({value}, '{name}')", inner, digests),
    )


RULES: Final = st.recursive(
    literals() | st.sampled_from([".", *COLUMNS]),
    lambda inner: compounds(inner, st.sampled_from([f"${{{name}}}" for name in NAMES])),
    max_leaves=12,
)
