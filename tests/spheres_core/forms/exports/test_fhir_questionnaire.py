"""A form as a FHIR Questionnaire: by FHIR's own rules, and asked when ours is asked."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spheres_core.forms.answer_placement import place_answers
from spheres_core.forms.exports.fhir_questionnaire import questionnaire
from spheres_core.forms.schemas import Form
from spheres_core.forms.xlsform.reader import inspect
from tests.spheres_core.forms.exports.fhir_rules import is_enabled, items_of, violations

SHIPPED: Final = sorted((Path(__file__).parents[4] / "plugins").glob("*/forms/*.md"))
TODAY: Final = dt.date(2026, 11, 21)
FORM: Final = """
| survey |
| | type | name | label::fr | label::en | hint::fr | hint::en | relevant | required | constraint | calculation | default | appearance |
| | note | hello | Bonjour | Hello | | | | | | | | |
| | text | who_asks | Qui demande? | Who asks? | | | | | | | | |
| | select_one yn | knows | Est-ce su? | Is it known? | D’abord | First | | yes | | | no | minimal |
| | select_multiple need | needs | Besoins | Needs | | | | | | | | |
| | integer | age | Âge | Age | | | | | . >= 12 and . <= 24 | | | |
| | date | born | Date | Date | | | | | | | | |
| | acknowledge | read | Lu | Read | | | | | | | | |
| | text | words | Mots | Words | | | {relevant} | | | | | multiline |
| | calculate | twice | | | | | | | | ${{age}} * 2 | | |
| | begin repeat | people | Gens | People | | | | | | | | |
| | text | who | Qui? | Who? | | | | | | | | |
| | end repeat | | | | | | | | | | | |
| choices |
| | list_name | name | label::fr | label::en |
| | yn | yes | Oui | Yes |
| | yn | no | Non | No |
| | need | home | Logement | Housing |
| | need | health | Santé | Health |
| settings |
| | form_title::fr | form_title::en | default_language |
| | Essai | Trial | fr |
"""  # noqa: E501
SAID: Final = (
    "${knows} = 'yes'", "${knows} != 'yes'", "${age} != 14",
    "not(${knows} = 'yes')", "selected(${needs}, 'home')", "${age} < 18",
    "18 > ${age}", "not(${age} < 18)", "${born} >= '2010-01-01'", "${who_asks} != ''", "${knows} = ''",
    "count-selected(${needs}) > 0", "count-selected(${needs}) = 0", "${knows} = 'yes' and ${age} >= 14",
    "${knows} = 'no' or ${age} >= 14 or selected(${needs}, 'health')", "not(${knows} = 'yes' and ${age} < 14)",
    "not(${knows} = '' or ${age} = '')", "${age} = 14",
)  # fmt: skip
NOT_SAID: Final = (
    "not(selected(${needs}, 'home'))", "${age} + 1 > 18", "${knows} = 'yes' and (${age} < 14 or ${age} > 20)",
    "${twice} > 30", "count(${people}) > 1", "string-length(${who_asks}) > 3", "${knows} != 'yes' and ${age} > 14",
    "${age} > count-selected(${needs})",
)  # fmt: skip


def form_with(relevant: str) -> Form:
    read = inspect(FORM.format(relevant=relevant).encode(), key="trial", suffix=".md")
    assert read.form is not None, read.findings
    return read.form


def written(form: Form) -> tuple[dict[str, Any], list[str]]:
    made, findings = questionnaire(form)
    assert json.loads(json.dumps(made)) == made
    return made, [f"{each.key}: {each.message.msgid}" for each in findings]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_each_shipped_form_is_a_questionnaire_by_the_rules_of_fhir(path: Path) -> None:
    form = inspect(path, key=path.stem).form
    assert form is not None
    made, _ = written(form)

    assert violations(made) == []
    asked = {question.path for question in form.walk() if question.kind != "calculate"}
    assert asked <= {item["linkId"] for item in items_of(made)}


def test_the_rules_of_fhir_are_seen_to_be_broken() -> None:
    made, _ = written(form_with("${knows} = 'yes'"))
    by_id = {item["linkId"]: item for item in items_of(made)}
    by_id["hello"]["required"] = True
    by_id["people"]["item"] = []
    by_id["words"]["enableWhen"] *= 2
    by_id["age"]["linkId"] = "born"
    by_id["knows"]["initial"] = [{"valueString": "no"}]

    assert {each.partition(":")[0] for each in violations(made)} >= {"que-6", "que-1", "que-12", "que-2", "que-11"}


def test_a_form_says_in_fhir_its_types_texts_choices_limits_and_defaults() -> None:
    made, findings = written(form_with("${knows} = 'yes'"))
    items = {item["linkId"]: item for item in items_of(made)}

    assert (made["title"], made["language"], made["name"]) == ("Essai", "fr", "Trial")
    assert made["_title"]["extension"][0]["extension"][1] == {"url": "content", "valueString": "Trial"}
    types = {name: item["type"] for name, item in items.items()}
    assert types | {"knows/hint": "display"} == types
    names = ("hello", "knows", "needs", "age", "born", "read", "words", "people", "people.who")
    assert [types[name] for name in names] == [
        "display", "choice", "choice", "integer", "date", "boolean", "text", "group", "string",
    ]  # fmt: skip
    assert items["needs"]["repeats"] is items["people"]["repeats"] is items["knows"]["required"] is True
    codes = [(each["valueCoding"]["code"], each.get("initialSelected")) for each in items["knows"]["answerOption"]]
    assert codes == [("yes", None), ("no", True)]
    assert [(each["url"].rpartition("/")[2], each["valueInteger"]) for each in items["age"]["extension"]] == [
        ("minValue", 12), ("maxValue", 24),
    ]  # fmt: skip
    assert findings == ["twice: FHIR R4 has no element for what is computed; it is left out."]


@pytest.mark.parametrize("rule", SAID)
def test_a_rule_that_fhir_can_say_asks_when_ours_asks(rule: str) -> None:
    form = form_with(rule)
    made, findings = written(form)
    assert violations(made) == []
    assert [each for each in findings if "enableWhen" in each] == []
    (item,) = (each for each in items_of(made) if each["linkId"] == "words")
    assert item["enableWhen"]

    answers = st.fixed_dictionaries(
        {},
        optional={
            "knows": st.sampled_from(["yes", "no"]),
            "needs": st.lists(st.sampled_from(["home", "health"]), unique=True, min_size=1),
            "age": st.sampled_from([10, 13, 14, 17, 18, 21]),
            "born": st.sampled_from(["2009-12-31", "2010-01-01", "2012-02-03"]),
            "who_asks": st.just("Sam"),
        },
    )

    @settings(max_examples=25, deadline=None, database=None)
    @given(answers)
    def agrees(given_answers: dict[str, Any]) -> None:
        _, placed = place_answers(form, given_answers, TODAY.isoformat())
        assert is_enabled(item, given_answers) is ("words" not in placed.hidden), (rule, given_answers)

    agrees()


@pytest.mark.parametrize("rule", NOT_SAID)
def test_a_rule_that_fhir_cannot_say_is_left_out_with_a_finding(rule: str) -> None:
    made, findings = written(form_with(rule))
    (item,) = (each for each in items_of(made) if each["linkId"] == "words")

    assert "enableWhen" not in item
    assert "words: FHIR's enableWhen cannot say this rule: there, the question is always asked." in findings
