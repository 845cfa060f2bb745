"""Is this region ready to open? A list of facts, each with what it rests on. Nothing is scored and nothing is hidden.

Also where the region differs from the model: what it renames, sets otherwise, adds and changed, with the reasons.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from spheres_core.facts import Message, Words, msg
from spheres_core.forms import queries as forms
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.plugins.setting_defaults import with_defaults
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners import legal_profiles
from spheres_core.partners.conflict_of_interest import unknown_names
from spheres_core.partners.operations import entry_merge
from spheres_core.partners.queries import emergency_contacts, pack_content, partners
from spheres_core.partners.schemas.directory import ROLES
from spheres_core.partners.settings import PartnersSettings
from spheres_core.partners.views import local_changes
from spheres_core.partners.views.directory import summary
from spheres_core.partners.views.directory_fields import STATUSES
from spheres_core.site.queries import core_elements
from spheres_core.site.views.language_coverage import coverage as languages
from spheres_core.staff.queries import members as member_queries

ENOUGH_COORDINATORS = 2
"""So that somebody answers when one of them is away."""

STATES: dict[str, Message] = {
    "covered": msg("Covered"),
    "partly": msg("In part"),
    "otherwise": msg("Covered otherwise"),
    "lacks": msg("Not covered"),
}
KNOWN: dict[str, Message] = {name: STATUSES[name] for name in ("secondary", "to_confirm")}
"""Said beside what is not read at its source."""


class Fact(Struct, frozen=True):
    """One fact about opening. `holds` None: it cannot be told from what is kept here."""

    key: str
    title: Message
    holds: bool | None
    lines: tuple[Message | Words, ...] = ()


async def readiness(ctx: Context) -> dict[str, Any]:
    """Returns the facts in the reader's language, for the page, the API and the command."""
    covered = await core_elements.coverage(ctx)
    found = [fact async for fact in _facts(ctx)]
    return {
        "tenant": ctx.tenant.slug,
        "on": ctx.today,
        "elements": [_element(ctx, each) for each in covered],
        "facts": [
            {
                "key": each.key,
                "title": ctx.locale.say(each.title),
                "holds": each.holds,
                "state": ctx.locale.say(_STANDS[each.holds]),
                "lines": [_say(ctx, line) for line in each.lines],
            }
            for each in found
        ],
        "divergence": await _divergence(ctx),
    }


_STANDS: dict[bool | None, Message] = {True: msg("There"), False: msg("Not there yet"), None: msg("Not kept here")}


def _element(ctx: Context, each: core_elements.Coverage) -> dict[str, Any]:
    return {
        "key": each.element.key,
        "title": ctx.locale.say(each.element.title),
        "state": each.state,
        "state_text": ctx.locale.say(STATES[each.state]),
        "records": [
            {
                "title": ctx.locale.pick(record.title) if record.title else None,
                "what": _say(ctx, record.what),
                "status": record.status,
                "status_text": ctx.locale.say(KNOWN[record.status]) if record.status in KNOWN else None,
            }
            for record in each.records
        ],
        "remark": ctx.locale.say(each.remark) if each.remark else None,
        "note": msgspec.to_builtins(each.note) if each.note else None,
        "written_at": each.note.written_at if each.note else None,
    }


def _say(ctx: Context, what: Message | Words) -> Text:
    if isinstance(what, Mapping):
        return ctx.locale.pick(what)
    said = {n: _say(ctx, v) if isinstance(v, Message | Mapping) else v for n, v in what.params.items()}
    return ctx.locale.say(Message(what.msgid, said, what.domain))


async def _facts(ctx: Context) -> AsyncIterator[Fact]:
    yield _forms(ctx)
    yield await _coordination(ctx)
    yield await _coordinators(ctx)
    yield await _emergencies(ctx)
    yield _lines(ctx)
    yield await _contacts(ctx)
    yield _languages(ctx)
    yield await _agreements(ctx)
    yield await _plugins(ctx)


def _forms(ctx: Context) -> Fact:
    title = msg("Forms are asked in each language")
    asked = forms.current_forms(ctx)
    lines, holds = [], any(form.key == "referral" for form in asked)
    if not holds:
        lines.append(msg("No referral form is asked here."))
    for form in asked:
        spoken = {tag.partition("-")[0] for tag in form.languages}
        missing = [tag for tag in ctx.tenant.languages if tag.partition("-")[0] not in spoken]
        names = ", ".join(ctx.plugins.languages[tag].autonym for tag in missing)
        if missing:
            holds = False
            lines.append(msg("{form}: missing in {languages}", form=form.title, languages=names))
        else:
            lines.append(msg("{form}: complete in each language", form=form.title))
    return Fact("forms", title, holds, tuple(lines))


async def _coordination(ctx: Context) -> Fact:
    now = await partners.coordinator_on(ctx, ctx.today)
    title = msg("One organization coordinates today")
    if now is None:
        words = pack_content.coordination_to_confirm(ctx)
        return Fact("coordination", title, False, (words,) if words else ())
    since = (
        msg("{name}, since {date}", name=now.name, date=ctx.locale.date(now.since))
        if now.day_confirmed
        else msg("{name}, since {year}; the day is to be confirmed", name=now.name, year=str(now.since.year))
    )
    return Fact("coordination", title, True, (since,))


async def _coordinators(ctx: Context) -> Fact:
    people = [each for each in await ctx.db.all(member_queries.ALL) if each.active and "coordinator" in each.roles]
    came = sum(each.last_sign_in_at is not None for each in people)
    told = msg("Coordinators with an account: {number}, of whom {came} have signed in", number=len(people), came=came)
    return Fact("coordinators", msg("At least two coordinators can sign in"), len(people) >= ENOUGH_COORDINATORS,
                (told,))  # fmt: skip


async def _emergencies(ctx: Context) -> Fact:
    places = await partners.areas(ctx)
    inner = [each for each in places if each.key not in {other.within for other in places}]
    lacking = [each for each in inner if not await _confirmed(ctx, each.key)]
    lines = [msg("Nobody to call is confirmed for {place}", place=each.name) for each in lacking]
    told = msg("Communities with somebody to call: {number} of {all}", number=len(inner) - len(lacking), all=len(inner))
    return Fact("emergencies", msg("Each community has somebody to call right now"), bool(inner) and not lacking,
                (told, *lines))  # fmt: skip


async def _confirmed(ctx: Context, area: str) -> bool:
    """Returns whether a place has a line of its own that the public is told of."""
    found = await emergency_contacts.emergency_contacts(ctx, area=area)
    return any(each.status != emergency_contacts.UNCONFIRMED for each in found)


def _lines(ctx: Context) -> Fact:
    lines = [line for _, profile in ctx.plugins.gather(legal_profiles.TOPIC) for line in profile.youth_protection_lines]
    own = [line for line in lines if line.area in {a.key for _, d in ctx.plugins.gather("partners") for a in d.areas}]
    told = [
        msg("{name}: {phone}, verified on {date}", name=each.name, phone=each.phone,
            date=ctx.locale.date(each.verified_on))
        if each.status == "verified"
        else msg("{name}: to be confirmed", name=each.name)
        for each in own
    ]  # fmt: skip
    holds = bool(own) and all(each.status == "verified" for each in own)
    return Fact("youth_protection", msg("Youth protection lines are confirmed"), holds, tuple(told))


async def _contacts(ctx: Context) -> Fact:
    found = [each for partner in await partners.partners_on(ctx, ctx.today) for each in partner.contacts]
    found += await partners.programme_contacts(ctx)
    known = [(each.stale, each.status) for each in found]
    known += [(each.stale, each.status) for each in await emergency_contacts.emergency_contacts(ctx)]
    old, unsure = sum(stale for stale, _ in known), sum(status == "to_confirm" for _, status in known)
    told = msg("Contacts with the day they were verified on: {number}; long ago: {old}; to be confirmed: {unsure}",
               number=len(known), old=old, unsure=unsure)  # fmt: skip
    return Fact("contacts", msg("Contacts were verified lately"), not old and not unsure, (told,))


def _languages(ctx: Context) -> Fact:
    spoken = languages(ctx)
    told = tuple(msg("{language}: texts missing: {number}", language=each["name"], number=each["missing"])
                 for each in spoken)  # fmt: skip
    return Fact("languages", msg("Each language is complete"), all(not each["missing"] for each in spoken), told)


async def _agreements(ctx: Context) -> Fact:
    known = [
        row.content.get("legal_regime")
        for row in await ctx.db.all(entry_merge.ORGANIZATIONS.all)
        if row.removed_on is None
    ]
    sure = sum(each is not None and each["status"] == "verified" for each in known)
    return Fact("agreements", msg("Agreements between the partners"), None, (
        msg("Agreements on sharing are not kept here: confirm them on paper."),
        msg("Organizations whose records law is confirmed: {number} of {all}", number=sure, all=len(known)),
    ))  # fmt: skip


async def _plugins(ctx: Context) -> Fact:
    owned = {row[0]: row[1] for row in await ctx.db.all(tenants.SETTINGS)}
    _, misfits = tenants.convert_all(with_defaults(owned, ctx.plugins.setting_defaults), ctx.plugins.settings)
    waiting = sum(len(each.conflicts) for each in await local_changes.entries(ctx))
    lines = [msg("{plugin} is left out: {reason}", plugin=id_, reason=why) for id_, why in ctx.plugins.left_out.items()]
    lines += [msg("The settings of {owner} do not fit; the usual ones hold", owner=owner) for owner in misfits]
    lines += [
        msg(
            "A rule about conflicts of interest names {key}, which the directory does not have: it keeps nobody away",
            key=key,
        )
        for key in await _rules_about_nobody(ctx)
    ]
    lines += [msg("Conflicts that wait for a decision: {number}", number=waiting)] if waiting else []
    title = msg("Every plugin that is on is in use, and nothing waits for a decision")
    return Fact("plugins", title, not lines, tuple(lines))


async def _rules_about_nobody(ctx: Context) -> list[str]:
    rules = ctx.settings("partners", PartnersSettings).not_proposed
    organizations = {row.key for row in await ctx.db.all(entry_merge.ORGANIZATIONS.all)}
    return unknown_names(rules, organizations, {each.key for each in await partners.areas(ctx)})


# ---- where the region differs --------------------------------------------------------------------------------------


async def _divergence(ctx: Context) -> dict[str, Any]:
    entries = await local_changes.entries(ctx)
    return {
        "renamed": list(_renamed(ctx)),
        "set_otherwise": list(_set_otherwise(ctx)),
        "added": list(_added(ctx)),
        "changed": [summary(ctx, each) for each in entries if each.local or each.conflicts],
        "withdrawn": [summary(ctx, each) for each in entries if each.withdrawn_on],
    }


def _renamed(ctx: Context) -> Iterator[dict[str, Any]]:
    for id_, given in ctx.plugins.gather("terms"):
        for key, words in given.items():
            title = ctx.locale.pick(ctx.plugins.plugins[id_].manifest.title)
            yield {"term": key, "said": ctx.locale.pick(words), "language": "", "by": title}
    for (language, key), text in ctx.locales.terms.items():
        name = ctx.plugins.languages[language].autonym if language in ctx.plugins.languages else language
        said = Text(text, ctx.plugins.languages[language])
        yield {"term": key, "said": said, "language": name, "by": ctx.locale.say("this region")}


def _set_otherwise(ctx: Context) -> Iterator[dict[str, Any]]:
    for owner, kind in ctx.plugins.settings.items():
        now, usual = ctx.all_settings.get(owner, kind()), kind()
        for name in kind.__struct_fields__:
            here, there = getattr(now, name, None), getattr(usual, name)
            if here != there:
                yield {"owner": owner, "name": name, "usual": msgspec.to_builtins(there, enc_hook=str),
                       "here": msgspec.to_builtins(here, enc_hook=str), "usual_text": _value(ctx, there),
                       "here_text": _value(ctx, here)}  # fmt: skip


def _value(ctx: Context, value: Any) -> Text:
    """Returns a setting's value for people; for a list, its length."""
    if isinstance(value, bool):
        return ctx.locale.say("yes") if value else ctx.locale.say("no")
    if isinstance(value, tuple | list | Mapping):
        return ctx.locale.say_number("{n} entry", "{n} entries", len(value))
    return Text(str(value), ctx.locale.language)


def _added(ctx: Context) -> Iterator[dict[str, Any]]:
    for id_, each in ctx.plugins.plugins.items():
        brought = sum(1 for topic in ctx.plugins.content if id_ in dict(ctx.plugins.gather(topic)))
        yield {"what": ctx.locale.say("plugin"), "title": ctx.locale.pick(each.manifest.title), "topics": brought}
    for _, found in ctx.plugins.gather("partners"):
        for role, words in found.role_names.items():
            if role not in ROLES:
                yield {"what": ctx.locale.say("role"), "title": ctx.locale.pick(words), "topics": 0}
