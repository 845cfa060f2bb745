"""Values of the administration page: the tenant's plugins, forms with their versions, languages and staff."""

import datetime as dt
from collections import defaultdict
from typing import Any

from spheres_core.facts import Message, msg
from spheres_core.forms import queries as forms
from spheres_core.forms.exports.formats import FORMATS as EXPORTED
from spheres_core.forms.permissions import EXPORT
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.plugins.discovery import Installed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.settings import Settings as ReferralSettings
from spheres_core.site.permissions import PUBLISH, WRITE
from spheres_core.site.views.language_coverage import coverage
from spheres_core.staff.queries import members as member_queries

TOPICS: dict[str, Message] = {
    "partners": msg("partners"),
    "legal": msg("legal profile"),
    "catalogue": msg("lists of needs and themes"),
    "terms": msg("the region's own words"),
    "forms": msg("forms"),
    "pages": msg("pages"),
    "locales": msg("languages"),
    "settings": msg("proposed settings"),
    "theme": msg("colours and logo"),
    "roles": msg("roles of staff"),
    "notices": msg("texts of e-mails"),
    "navigation": msg("places in the menu"),
    "tools": msg("tools for professionals"),
}
"""Names of what a pack can bring, by the topic of its content files."""


FORMATS: dict[str, Message] = {
    "xlsform": msg("As XLSForm"),
    "xform": msg("As XForm"),
    "fhir": msg("As FHIR Questionnaire"),
}
"""Links that take a form out, by the format's name."""


async def administration_page(ctx: Context) -> dict[str, Any]:
    """Returns the values of `site/administration.html`, and writes to the trail that the staff list was shown."""
    return {
        "tenant": {
            "name": ctx.locale.pick(ctx.tenant.name),
            "time_zone": ctx.tenant.time_zone,
            "illustrative": ctx.tenant.illustrative,
            "minimum_cell": ctx.settings("referrals", ReferralSettings).minimum_cell,
        },
        "plugins": [_plugin(ctx, each) for each in ctx.plugins.plugins.values()]
        + [_left_out(ctx, id_, reason) for id_, reason in ctx.plugins.left_out.items()],
        "forms": await _forms(ctx),
        "formats": {kind: ctx.locale.say(title) for kind, title in FORMATS.items() if kind in EXPORTED},
        "may_export_forms": ctx.may(EXPORT),
        "languages": coverage(ctx),
        "may": {"pages": ctx.may(WRITE), "packs": ctx.may(PUBLISH)},
        "staff": [
            {
                "id": each.id,
                "name": each.name,
                "email": each.email,
                "roles": [ctx.locale.say(ctx.plugins.role_title(role)) for role in each.roles],
                "active": each.active,
                "last_sign_in": each.last_sign_in_at,
            }
            for each in await member_queries.show_staff(ctx)
        ],
    }


def _plugin(ctx: Context, installed: Installed) -> dict[str, Any]:
    manifest = installed.manifest
    brought = [ctx.locale.say(TOPICS[topic]) for topic in TOPICS if manifest.id in dict(ctx.plugins.gather(topic))]
    if manifest.tier == "code":
        brought.append(ctx.locale.say("its own rules"))
    return {
        "id": manifest.id,
        "title": ctx.locale.pick(manifest.title),
        "text": ctx.locale.pick(manifest.description) or None,
        "version": manifest.version,
        "kind": manifest.tier,
        "state": "on",
        "problem": None,
        "brings": brought,
    }


def _left_out(ctx: Context, id_: str, reason: Message) -> dict[str, Any]:
    return {
        "id": id_,
        "title": Text(id_, ctx.locale.language),
        "text": None,
        "version": "",
        "kind": "",
        "state": "left_out",
        "problem": ctx.locale.say(reason),
        "brings": [],
    }


async def _forms(ctx: Context) -> list[dict[str, Any]]:
    """Returns the form versions in use today, each with the earlier ones."""
    published: dict[str, dict[str, dt.datetime]] = defaultdict(dict)
    for each in await forms.published(ctx):
        published[each.key][each.version] = each.published_at
    return [
        {
            "key": key,
            "label": ctx.locale.pick(form.title),
            "version": form.version,
            "languages": form.languages,
            "questions": sum(1 for each in form.walk() if each.kind not in ("group", "repeat", "note", "calculate")),
            "since": published[key].get(form.version),
            "from_plugin": ctx.locale.pick(ctx.plugins.plugins[origin].manifest.title)
            if origin != forms.OWN
            else ctx.locale.say("This region"),
            "earlier": [
                {"version": version, "since": at} for version, at in published[key].items() if version != form.version
            ],
        }
        for key, (form, origin) in sorted(forms.forms_asked(ctx).items())
    ]
