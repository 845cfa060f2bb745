"""Reads a region's lists (`catalogue.toml`) and its own words (`terms.toml`)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct, field

from spheres_core.facts import Words, msg
from spheres_core.foundation.content.packs import ContentInvalid, DescribedContent, Finding
from spheres_core.foundation.content.struct_reader import Source, check_unique, only_one
from spheres_core.foundation.plugins.plugin_set import PluginSet

CATALOGUE: Final = "catalogue"
CATALOGUE_FILE: Final = "catalogue.toml"
CODE_LISTS: Final = (
    "needs", "session_themes", "activity_purposes", "activity_categories", "principles", "accompaniments",
    "legal_steps", "emergency_plan_sections", "tool_themes", "tool_audiences", "support_themes", "workshop_kinds",
    "workshop_themes", "workshop_titles",
)  # fmt: skip
TITLES: Final[Mapping[str, Words]] = {
    "needs": {"en": "Needs", "fr": "Besoins"},
    "session_themes": {"en": "Session themes", "fr": "Thèmes de rencontre"},
    "activity_purposes": {"en": "Activity purposes", "fr": "Buts des activités"},
    "activity_categories": {"en": "Activity categories", "fr": "Catégories d’activités"},
    "principles": {"en": "Principles", "fr": "Principes"},
    "accompaniments": {"en": "Accompaniments", "fr": "Accompagnements"},
    "legal_steps": {"en": "Legal steps", "fr": "Démarches légales"},
    "emergency_plan_sections": {"en": "Sections of the emergency plan", "fr": "Sections du plan d’urgence"},
    "tool_themes": {"en": "Themes of tools", "fr": "Thèmes des outils"},
    "tool_audiences": {"en": "Whom tools are for", "fr": "À qui les outils s’adressent"},
    "support_themes": {"en": "Themes of clinical support for staff", "fr": "Thèmes du soutien clinique au personnel"},
    "workshop_kinds": {"en": "Kinds of workshops", "fr": "Sortes d’ateliers"},
    "workshop_themes": {"en": "Themes of workshops", "fr": "Thèmes des ateliers"},
    "workshop_titles": {"en": "Titles of workshops", "fr": "Titres des ateliers"},
    "activities": {"en": "Activities", "fr": "Activités"},
    "stage_models": {"en": "Stage models", "fr": "Modèles d’étapes"},
    "goal_templates": {"en": "Goals to begin from", "fr": "Buts de départ"},
}
"""The names of the lists."""


class ListedItem(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry: a code that stays for ever and a label that may change. Retired codes are kept for
    old records."""

    code: str
    label: Words
    retired: bool = False


class CodeList(Struct, frozen=True, forbid_unknown_fields=True):
    """A list and where it comes from."""

    items: tuple[ListedItem, ...]
    derived_from: str = ""

    def label(self, code: str) -> Words | None:
        """Returns the label of a code, or None when the list does not know it."""
        return next((item.label for item in self.items if item.code == code), None)


class Activity(Struct, frozen=True, forbid_unknown_fields=True):
    """One activity that young people are offered here."""

    code: str
    label: Words
    category: str
    """A code of the activity categories, of this pack or of one that it requires."""
    purposes: tuple[str, ...] = ()
    """Codes of the activity purposes."""
    source: str = ""
    retired: bool = False
    needs: tuple[str, ...] = ()
    """Codes of needs that it may answer: it is proposed to whoever asks along somebody with such a need."""


class Stage(Struct, frozen=True, forbid_unknown_fields=True):
    """One stage of a model. From each one may move to any other."""

    code: str
    label: Words
    retired: bool = False


class StageModel(Struct, frozen=True, forbid_unknown_fields=True):
    """A model by which a stage is observed: cited, and replaceable. Observations name the model and its version."""

    key: str
    version: str
    name: Words
    stages: tuple[Stage, ...]
    source: str = ""
    retired: bool = False


class GoalTemplate(Struct, frozen=True, forbid_unknown_fields=True):
    """A goal to begin from. A goal itself is written by the young person, in her words."""

    code: str
    label: Words
    needs: tuple[str, ...] = ()
    """Codes of the needs that it may answer, of this pack or of one that it requires."""
    retired: bool = False


class Catalogue(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole `catalogue.toml`."""

    format: Literal[1]
    needs: CodeList | None = None
    session_themes: CodeList | None = None
    activity_purposes: CodeList | None = None
    activity_categories: CodeList | None = None
    principles: CodeList | None = None
    accompaniments: CodeList | None = None
    legal_steps: CodeList | None = None
    """Accompaniments of the class `legal`: whoever may read of encounters does not see them."""
    emergency_plan_sections: CodeList | None = None
    """Rewords a section of the core's, by its code, or adds one in which words are written."""
    activities: tuple[Activity, ...] = ()
    stage_models: tuple[StageModel, ...] = ()
    goal_templates: tuple[GoalTemplate, ...] = ()
    tool_themes: CodeList | None = None
    """Topics of tools of the library."""
    tool_audiences: CodeList | None = None
    """People for whom tools of the library are."""
    support_themes: CodeList | None = None
    """Topics of sessions of clinical support for staff, besides the core's own."""
    workshop_kinds: CodeList | None = None
    """Rewords a kind of the core's, by its code, or adds one."""
    workshop_themes: CodeList | None = None
    """Rewords a theme of the core's, by its code, or adds one: for workshops and for trainings of staff."""
    workshop_titles: CodeList | None = None
    """Workshops that the region gives again and again."""


class Term(Struct, frozen=True, forbid_unknown_fields=True):
    """The region's own word for a word of the program."""

    key: str
    """The program's word as the pages have it in English, e.g. `Partners`."""
    term: Words
    reason: Words = field(default_factory=dict)


class Terms(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole `terms.toml`."""

    format: Literal[1]
    terms: tuple[Term, ...] = ()


def read_catalogue(paths: Sequence[Path], plugin_id: str) -> Catalogue:
    """Returns the lists of a plugin. Raises `ContentInvalid` with every finding of the file."""
    return check_catalogue(Source(only_one(paths)))


def check_catalogue(source: Source) -> Catalogue:
    """Returns the lists that a source holds, wherever they were written. Raises `ContentInvalid` with every finding."""
    catalogue = source.read(Catalogue)
    if catalogue is not None:
        for name in CODE_LISTS:
            if (listed := getattr(catalogue, name)) is not None:
                check_unique(source, [(f"{name}.items[{i}].code", item.code) for i, item in enumerate(listed.items)])
        check_unique(source, [(f"activities[{i}].code", each.code) for i, each in enumerate(catalogue.activities)])
        check_unique(source, [(f"stage_models[{i}].key", each.key) for i, each in enumerate(catalogue.stage_models)])
        check_unique(source, [(f"goal_templates[{i}].code", each.code)
                              for i, each in enumerate(catalogue.goal_templates)])  # fmt: skip
        for i, model in enumerate(catalogue.stage_models):
            check_unique(source, [(f"stage_models[{i}].stages[{n}].code", s.code) for n, s in enumerate(model.stages)])
            if len(model.stages) < 2:
                source.find(f"stage_models[{i}]", msg("A model has at least two stages."))
    source.finish()
    assert catalogue is not None
    return catalogue


def fit_catalogue(catalogue: Catalogue, made: PluginSet, plugin_id: str) -> Catalogue:
    """Returns the catalogue. Raises `ContentInvalid` for a code that no list of this set has."""
    known: dict[str, set[str]] = {name: set() for name in CODE_LISTS}
    for _, each in made.gather(CATALOGUE):
        for name in CODE_LISTS:
            known[name] |= codes_of(each, name)
    used = [(f"activities[{i}].category", "activity_categories", [each.category])
            for i, each in enumerate(catalogue.activities)]  # fmt: skip
    used += [(f"activities[{i}].purposes", "activity_purposes", [*each.purposes])
             for i, each in enumerate(catalogue.activities)]  # fmt: skip
    used += [(f"activities[{i}].needs", "needs", [*each.needs])
             for i, each in enumerate(catalogue.activities)]  # fmt: skip
    used += [(f"goal_templates[{i}].needs", "needs", [*each.needs])
             for i, each in enumerate(catalogue.goal_templates)]  # fmt: skip
    findings = [
        Finding(CATALOGUE_FILE, msg("No list has the code {code}.", code=code), key=place)
        for place, name, codes in used
        for code in codes
        if code not in known[name]
    ]
    if findings:
        raise ContentInvalid(findings)
    return catalogue


def codes_of(catalogue: Catalogue, name: str) -> set[str]:
    """Returns every code of one of its lists, retired or not; a stage's has the model's key before it."""
    listed = getattr(catalogue, name)
    if isinstance(listed, CodeList):
        return {item.code for item in listed.items}
    if name == "stage_models":
        return {
            code
            for each in catalogue.stage_models
            for code in (each.key, *(f"{each.key}.{s.code}" for s in each.stages))
        }
    return {each.code for each in listed or ()}


def removed_codes(before: Catalogue, after: Catalogue | None) -> list[tuple[str, str]]:
    """Returns the codes, each with its list, that a version has and the next one has not: they must be retired."""
    names = (*CODE_LISTS, "activities", "stage_models", "goal_templates")
    return [
        (name, code)
        for name in names
        for code in sorted(codes_of(before, name) - (codes_of(after, name) if after is not None else set()))
    ]


def describe_catalogue(catalogue: Catalogue) -> list[DescribedContent]:
    """Returns the lists as an administrator sees them before they are on."""
    found: list[DescribedContent] = []
    for name, title in TITLES.items():
        if count := len(codes_of(catalogue, name)):
            found.append(DescribedContent(CATALOGUE, name, {tag: f"{said} ({count})" for tag, said in title.items()}))
    return found


def read_terms(paths: Sequence[Path], plugin_id: str) -> Mapping[str, Words]:
    """Returns a region's words by the program's. Raises `ContentInvalid` with every finding."""
    return {each.key: each.term for each in check_terms(Source(only_one(paths))).terms}


def check_terms(source: Source) -> Terms:
    """Returns the words that a source holds, wherever they were written. Raises `ContentInvalid` with every finding."""
    terms = source.read(Terms)
    seen: set[str] = set()
    for place, each in source.entries("terms", Term):
        if each.key in seen:
            source.find(f"{place}.key", msg("The key {key} is given twice.", key=each.key))
        seen.add(each.key)
    source.finish()
    assert terms is not None
    return terms
