"""Values of the page on which one question is written, and what was posted from it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

import msgspec
from msgspec import Struct

from spheres_core.forms import queries
from spheres_core.forms.meanings import MEANINGS, Meaning
from spheres_core.forms.operations import drafts
from spheres_core.forms.operations.drafts import QuestionChanged, checked
from spheres_core.forms.queries import StoredDraft
from spheres_core.forms.schemas import ATTACHMENTS
from spheres_core.forms.settings import Settings
from spheres_core.forms.views import editor_words as words
from spheres_core.forms.views.draft_page import FindingShown, findings_of
from spheres_core.forms.xlsform.draft_changes import CHOICE_IDS, Fields, fields_of, list_of
from spheres_core.forms.xlsform.drafts import Draft, key_of
from spheres_core.foundation.content.text_comparison import fold_letters
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post

BLANK_CHOICES: Final = 3
"""Empty rows at the end of the choices."""
MORE_CHOICES: Final = 8
TEXTS: Final = ("label", "hint", "guidance_hint", "required_message", "constraint_message")
_PLAIN: Final = ("name", "meaning", "default", "limit")
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ChoiceShown(Struct, frozen=True):
    """One choice with its fields."""

    id: str
    number: int
    name: str
    meaning: str
    retired: bool
    labels: tuple[tuple[words.Language, str], ...]


class KindOption(Struct, frozen=True):
    """A type that a question can have."""

    code: str
    title: Text
    is_offered: bool = True
    """False where it cannot be chosen here; a question that has it keeps it."""


class ConflictShown(Struct, frozen=True):
    """A field that a colleague changed meanwhile."""

    name: str
    title: Text
    mine: str
    theirs: str


def question_view(
    ctx: Context,
    stored: StoredDraft,
    id: str,
    *,
    fields: Fields | None = None,
    base: Fields | None = None,
    after: str = "",
    blank: int = BLANK_CHOICES,
    conflict: QuestionChanged | None = None,
    gone: bool = False,
) -> dict[str, Any]:
    """Returns the values of `forms/question.html`.

    `fields`: as they were posted, where they are not kept. `base`: what a colleague's changes are compared with.
    `gone`: a colleague removed the question meanwhile.
    """
    draft = stored.draft
    kept = fields_of(draft, id)
    shown = dict(fields if fields is not None else kept or {})
    found = checked(ctx, stored)
    said = [] if kept is None else list(findings_of(ctx, draft, found).get(id, ()))
    languages = words.languages_of(ctx, draft)
    kind = words.kind_code(shown)
    meaning = MEANINGS.get(shown.get("meaning", ""))
    return {
        "title": words.label_of(ctx, draft, shown) or ctx.locale.say("A new question"),
        "key": stored.key,
        "id": id,
        "is_new": kept is None,
        "gone": gone,
        "after": after,
        "languages": languages,
        "fields": shown,
        "base": msgspec.json.encode(base if base is not None else kept or {}).decode(),
        "texts": {column: [(each, shown.get(key_of(column, each.tag), "")) for each in languages] for column in TEXTS},
        "kind": kind,
        "kinds": _kinds(ctx, kind),
        "takes_files": ctx.settings("forms", Settings).attachments,
        "not_answered": words.NOT_ANSWERED,
        "choices": _choices(shown, languages, blank),
        "list": list_of(shown),
        "sharing": _sharing(ctx, draft, id, list_of(shown)),
        "codes": _codes(ctx, meaning),
        "codes_of": [(name, _codes(ctx, each)) for name, each in MEANINGS.items() if each.codes],
        "meanings": [(name, words.collected_text(ctx, name)) for name in MEANINGS],
        "kept": words.kept_text(ctx, shown.get("meaning", "")),
        "required": _required(shown),
        "rules": [
            (rule, ctx.locale.say(title), words.rule_text(ctx, draft, rule, shown))
            for rule, title in words.RULES.items()
            if _has_rule(rule, kind)
        ],
        "findings": said,
        "findings_by_place": _by_place(said),
        "conflicts": _conflicts(ctx, draft, conflict),
        "number_of_rows": len(draft.survey),
    }


def _required(fields: Fields) -> str:
    cell = fields.get("required", "").lower()
    return "yes" if cell in ("yes", "true", "true()", "1") else "" if cell in ("", "no", "false", "false()") else "rule"


def _has_rule(rule: str, kind: str) -> bool:
    if rule == "calculation":
        return kind == "calculate"
    if rule == "choice_filter":
        return kind in words.WITH_CHOICES
    return rule == "relevant" or kind not in words.NOT_ANSWERED


def _by_place(findings: Sequence[FindingShown]) -> dict[str, list[FindingShown]]:
    by_place: dict[str, list[FindingShown]] = {}
    for each in findings:
        by_place.setdefault(str(each.place), []).append(each)
    return by_place


def _kinds(ctx: Context, chosen: str) -> list[KindOption]:
    """Returns the types that are offered; those answered with a file only where the region takes files."""
    takes_files = ctx.settings("forms", Settings).attachments
    codes = [*words.TYPES, *([chosen] if chosen and chosen not in words.TYPES else [])]
    return [
        KindOption(code, words.title_of_kind(ctx, code), takes_files or code not in ATTACHMENTS or code == chosen)
        for code in codes
    ]


def _codes(ctx: Context, meaning: Meaning | None) -> list[tuple[str, Text]]:
    return [] if meaning is None else [(code, words.code_text(ctx, code)) for code in meaning.codes]


def _choices(fields: Fields, languages: Sequence[words.Language], blank: int) -> list[ChoiceShown]:
    ids = [*fields.get(CHOICE_IDS, "").split(), *(str(uuid4()) for _ in range(blank))]
    return [
        ChoiceShown(
            id,
            number,
            fields.get(f"choice.{id}.name", ""),
            fields.get(f"choice.{id}.meaning", ""),
            bool(fields.get(f"choice.{id}.retired", "")),
            tuple((each, fields.get(f"choice.{id}.{key_of('label', each.tag)}", "")) for each in languages),
        )
        for number, id in enumerate(ids, 1)
    ]


def _sharing(ctx: Context, draft: Draft, id: str, list_name: str) -> list[Text]:
    return [
        words.label_of(ctx, draft, row.cells)
        for row in draft.survey
        if list_name and row.id != id and list_of(row.cells) == list_name
    ]


def _conflicts(ctx: Context, draft: Draft, refusal: QuestionChanged | None) -> list[ConflictShown]:
    if refusal is None:
        return []
    return [
        ConflictShown(name, words.column_title(ctx, draft, _column(name)), mine, theirs)
        for name, (mine, theirs) in refusal.conflicts.items()
    ]


def _column(field: str) -> str:
    return field.split(".", 2)[2] if field.startswith("choice.") and field.count(".") >= 2 else field


async def receive_question(ctx: Context, key: str, post: Post) -> tuple[str, int, dict[str, Any] | None]:
    """Writes a question as it was posted. Returns its id, and where the page is shown again the status and its values.

    Raises `DraftUnknown`.
    """
    stored = await queries.stored_draft(ctx, key, lock=True)
    id, after, base = post["_id"][:40], post["_after"], read_base(post)
    fields = read_question(stored.draft, id, post, base)
    there = fields_of(stored.draft, id) is not None
    if post["_do"] == "more":
        return id, 200, question_view(ctx, stored, id, fields=fields, base=base, after=after, blank=MORE_CHOICES)
    if not there and base:
        return id, 409, question_view(ctx, stored, id, fields=fields, base={}, after=after, gone=True)
    try:
        if there:
            await drafts.save_question(ctx, key, id, fields, base=base)
        else:
            _, id = await drafts.add_question(ctx, key, fields, id=id, after=after)
    except QuestionChanged as refusal:
        both = question_view(ctx, stored, id, fields=refusal.merged, base=refusal.theirs, after=after, conflict=refusal)
        return id, refusal.status, both
    return id, 303, None


def read_base(post: Post) -> dict[str, str]:
    """Returns what the poster had before them; nothing when it cannot be read."""
    try:
        return msgspec.json.decode(post["_base"] or "{}", type=dict[str, str])
    except msgspec.DecodeError:
        return {}


def read_question(draft: Draft, id: str, post: Post, base: Fields) -> dict[str, str]:
    """Returns the fields of a question as they were posted, over those that the page does not show."""
    fields = {name: text for name, text in base.items() if name != CHOICE_IDS and not name.startswith("choice.")}
    posted = {name: _clean(text) for name, text in post.pairs}
    for name in _PLAIN:
        if name in posted:
            fields[name] = posted[name]
    for column in TEXTS:
        for tag in draft.languages:
            if (name := key_of(column, tag)) in posted:
                fields[name] = posted[name]
    if posted.get("required") in ("", "yes") and posted["required"] != _required(fields):
        fields["required"] = posted["required"]  # else it stays as it is written: `true()`
    fields["name"] = fields.get("name") or _name_for(draft, id, fields)
    _read_type(fields, posted)
    _read_choices(draft, fields, base, post, posted)
    for wanted in (name for name, _ in post.pairs if name.startswith("_keep.") and posted[name] == "theirs"):
        fields[wanted.removeprefix("_keep.")] = posted.get(f"_theirs.{wanted.removeprefix('_keep.')}", "")
    return {name: text for name, text in fields.items() if text}


def _clean(text: str) -> str:
    """Returns a text without what no cell holds: outer blanks, other line ends, control characters."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "".join(mark for mark in plain if mark in "\n\t" or unicodedata.category(mark) not in ("Cc", "Cs"))


def _read_type(fields: dict[str, str], posted: Mapping[str, str]) -> None:
    code = posted.get("kind", "") or "text"
    if code == words.kind_code(fields):
        return  # it may say more than the page shows: a file of choices, `or_other`
    kind, look = words.LOOKS.get(code, (code, ""))
    ours = {each for _, each in words.LOOKS.values()}
    looks = [each for each in fields.get("appearance", "").split() if each not in ours]
    fields["appearance"] = " ".join([*looks, look]).strip()
    if fields.get("type", "").partition(" ")[0] == kind:
        return  # only its look is another
    named = list_of(fields) or posted.get("list", "") or fields["name"]
    fields["type"] = f"{kind} {named}" if kind in words.WITH_CHOICES else kind


def _read_choices(draft: Draft, fields: dict[str, str], base: Fields, post: Post, posted: Mapping[str, str]) -> None:
    order = []
    names: set[str] = set()
    for id in dict.fromkeys(post.every("choice")):
        start = f"choice.{id}."
        cells = {name: text for name, text in base.items() if name.startswith(start)}
        cells |= {f"{start}{column}": posted.get(f"{start}{column}", "") for column in ("name", "retired")}
        if (counted := f"{start}meaning") in posted:
            cells[counted] = posted[counted]
        labels = {f"{start}{key_of('label', tag)}": posted.get(f"{start}{key_of('label', tag)}", "")
                  for tag in draft.languages}  # fmt: skip
        if posted.get(f"{start}remove") or not (any(labels.values()) or cells[f"{start}name"]):
            continue
        if not _ID.fullmatch(id):
            continue
        cells |= labels
        cells[f"{start}name"] = cells[f"{start}name"] or _free(slug(next(filter(None, labels.values()), "")), names)
        names.add(cells[f"{start}name"])
        order.append(id)
        fields |= {name: text for name, text in cells.items() if text}
    moved = next((name for name, _ in post.pairs if name.startswith(("_up.", "_down."))), "")
    direction, _, id = moved.partition(".")
    if id in order:
        place = order.index(id)
        order.insert(max(0, place + (1 if direction == "_down" else -1)), order.pop(place))
    fields[CHOICE_IDS] = " ".join(order)


def _name_for(draft: Draft, id: str, fields: Fields) -> str:
    label = next((fields[key] for tag in draft.languages if fields.get(key := key_of("label", tag))), "")
    taken = {row.cells.get("name", "") for row in draft.survey if row.id != id}
    return _free(slug(label) or "question", taken)


def slug(text: str) -> str:
    """Returns a short name made of a text: small letters, digits and _, at most 30, a letter first."""
    ascii = re.sub(r"[^a-z0-9]+", "_", fold_letters(text).encode("ascii", "ignore").decode()).strip("_")
    short = ascii if len(ascii) <= 30 else ascii[:31].rpartition("_")[0] or ascii[:30]
    return short if not short or short[0].isalpha() else f"n{short}"


def _free(name: str, taken: set[str]) -> str:
    wanted, number = name or "choice", 2
    while wanted in taken:
        wanted, number = f"{name or 'choice'}_{number}", number + 1
    return wanted
