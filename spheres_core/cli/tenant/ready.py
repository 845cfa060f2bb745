"""`spheres tenant ready`: facts about opening a region."""

from __future__ import annotations

from typing import Any

import msgspec
from rich.markup import escape

from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.options import tenant_option
from spheres_core.cli.output import Output, _
from spheres_core.site.views.readiness import readiness


@command("tenant ready", examples=["spheres tenant ready --tenant my-region"])
@tenant_option
def ready(output: Output, slug: str) -> None:
    found: dict[str, Any] = environment.run_for_tenant(output, slug, readiness)
    output.print_result(msgspec.json.decode(msgspec.json.encode(found, enc_hook=str)))
    output.print_table(
        [_("Element"), _("State"), _("What covers it")],
        [(escape(each["title"]), escape(each["state_text"]), escape(_covering(each))) for each in found["elements"]],
    )
    output.print_table(
        [_("Fact"), _("State"), _("What it rests on")],
        [(escape(each["title"]), escape(each["state"]), escape("\n".join(each["lines"]))) for each in found["facts"]],
    )
    differs = found["divergence"]
    rows = [(_("It says otherwise"), f"{each['term']} → {each['said']}") for each in differs["renamed"]]
    rows += [(_("It sets otherwise"), f"{each['owner']}.{each['name']}: {each['usual']} → {each['here']}")
             for each in differs["set_otherwise"]]  # fmt: skip
    rows += [(_("It adds"), each["title"]) for each in differs["added"]]
    rows += [(_("It changed what plugins brought"), _changed(each)) for each in differs["changed"]]
    output.print_table([_("Where this region differs from the model"), ""],
                  [(escape(output.say(what)), escape(text)) for what, text in rows])  # fmt: skip


def _covering(each: dict[str, Any]) -> str:
    lines = [": ".join(part for part in (record["title"], record["what"]) if part) for record in each["records"]]
    lines += [each["remark"]] if each["remark"] else []
    lines += [f"{each['note']['how']} ({each['note']['why']})"] if each["note"] else []
    return "\n".join(lines)


def _changed(each: dict[str, Any]) -> str:
    fields = "; ".join(f"{one['title']} – {one['why'] or ''}".rstrip(" –") for one in each["local"])
    return f"{each['title']}: {fields}"
