"""`spheres plugin incidents`: what went wrong in a tenant's plugins."""

from __future__ import annotations

from typing import Any

import msgspec
import rich_click as click
from rich.markup import escape

from spheres_core.cli import house
from spheres_core.cli.help import command
from spheres_core.cli.speaking import Speaker, _
from spheres_core.site import switching


@command("incidents", help=_("What went wrong in a tenant's plugins: which part, at which line, how often. No words."),
         examples=["spheres plugin incidents --tenant my-region"])  # fmt: skip
@click.option("--tenant", "slug", metavar="TENANT", required=True, help=_("The tenant."))
def incidents(speaker: Speaker, slug: str) -> None:
    found: list[dict[str, Any]] = house.ask_tenant(speaker, slug, switching.list_incidents)
    speaker.answer({"incidents": msgspec.json.decode(msgspec.json.encode(found, enc_hook=str))})
    rows = [
        (escape(each["plugin"]), escape(each["part"]), escape(f"{each['kind']} {each['place']}".strip()),
         str(each["count"]), each["last_at"].strftime("%Y-%m-%d %H:%M"),
         escape(speaker.say(_("resting") if each["resting"] else "")))
        for each in found
    ]  # fmt: skip
    speaker.table([_("Plugin"), _("Part"), _("What"), _("Times"), _("Last (UTC)"), _("State")], rows)
    if not speaker.json and not found:
        speaker.out.print(escape(speaker.say(_("Nothing went wrong."))))
