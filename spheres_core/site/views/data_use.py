"""Sentences on what a plugin does with people's data, for whoever decides to switch it on.

Manifests and forms name things by codes. A code that this version has no words for is shown as it is.
"""

from typing import Final, Literal

from spheres_core.facts import Message, msg
from spheres_core.forms.data_collected import CLEAR, COMPARED, DATA, KEPT
from spheres_core.forms.data_collected import collected as collected_data
from spheres_core.foundation.content.packs import ContentQuestion, DescribedContent
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.site.api_schemas.plugins import PreviewQuestion

CATEGORIES: Final[dict[str, Message]] = {
    "referral": msg("what a referral says of a young person"),
    "community": msg("the community where a person lives"),
    "contact": msg("how a person can be reached"),
    "identity": msg("who a person is: name, date of birth"),
    "health": msg("a person's health"),
    "location": msg("where a person is"),
    "staff": msg("who works here"),
    "case": msg("what happens in a young person's follow-up"),
}
"""Names of the data categories that a manifest declares."""

HOOKS: Final[dict[str, Message]] = {
    "check_referral": msg("looks over a referral before it is received"),
    "assess_eligibility": msg("gives an opinion on whether a referral fits the program"),
    "suggest_routing": msg("suggests which partner could make the first contact"),
    "propose_first_contact": msg("proposes how the first contact could be made"),
    "on_referral_received": msg("is told, a moment later, that a referral was received"),
    "on_referral_moved": msg("is told, a moment later, that a referral went on to another step"),
    "export_person": msg("hands over what it keeps about a person when that person asks"),
    "erase_person": msg("erases what it keeps about a person"),
    "export_participant": msg("hands over what it keeps about somebody who takes part when that person asks"),
    "erase_participant": msg("erases what it keeps about somebody who takes part"),
}
"""Sentences on what a plugin does at a hook, for those who work here."""


def meaning(ctx: Context, code: str) -> Text:
    """Returns the name of the data that a question collects."""
    return ctx.locale.say(collected_data(code))


def collected(ctx: Context, brought: DescribedContent, code: str) -> Text:
    """Returns the same; for a plugin's own meaning, the label of the question that has it."""
    own = next((each for each in brought.questions if each.meaning == code and each.label), None)
    return ctx.locale.pick(own.label) if own is not None and code not in DATA else meaning(ctx, code)


def category(ctx: Context, code: str) -> Text:
    """Returns the name of a data category."""
    return _said(ctx, CATEGORIES, code)


def hook(ctx: Context, name: str) -> Text:
    """Returns the sentence on what a plugin does at a hook."""
    return _said(ctx, HOOKS, name)


def question(ctx: Context, asked: ContentQuestion, *, on_record: bool = False) -> PreviewQuestion:
    """Returns a question of a form with what it collects and how the answer is kept. `on_record`: of one on records."""
    kept: Literal["clear", "compared", "sealed"]
    kept = "clear" if asked.meaning in CLEAR else "compared" if asked.meaning in COMPARED else "sealed"
    return PreviewQuestion(
        name=asked.name,
        title=ctx.locale.pick(asked.label) if asked.label else Text(asked.name, ctx.locale.language),
        meaning=asked.meaning or None,
        collects=meaning(ctx, asked.meaning) if asked.meaning else None,
        kept=kept,
        kept_text=ctx.locale.say(KEPT["on_record" if on_record else kept]),
    )


def _said(ctx: Context, words: dict[str, Message], code: str) -> Text:
    return ctx.locale.say(words[code]) if code in words else Text(code, ctx.locale.language)
