"""`spheres key rotate`: another key in a key file, under which all tenants' keys are wrapped anew."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

import rich_click as click
from rich.markup import escape

from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.output import Output, _
from spheres_core.foundation import deployment
from spheres_core.foundation.database.transactions import UNHURRIED, Database
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.foundation.tenancy.key_rotation import KeyName, Rotation, rotate_keys


@command(
    "key rotate",
    examples=["spheres key rotate --which vault --dry-run", "spheres key rotate --which main --json"],
)
@click.option(
    "--which",
    type=click.Choice(["main", "vault"]),
    required=True,
    help=_("The key file of everything, or that of names and birth dates."),
)
@click.option("--dry-run", is_flag=True, help=_("Look whether every tenant's key opens, and change nothing."))
def rotate(output: Output, which: KeyName, dry_run: bool) -> None:
    urls = environment.database_urls(output)
    path = environment.key_path() if which == "main" else deployment.vault_key_file()
    done = asyncio.run(_rotate(output, urls, which, path, dry_run=dry_run))
    value = {"key": which, "file": str(path), "dry_run": dry_run, "tenants": done.tenants, "moved": done.moved,
             "left": done.left, "kept": done.kept}  # fmt: skip
    if dry_run:
        output.print_result(
            value,
            output.say_number("{n} tenant's key opens.", "{n} tenants' keys open.", done.tenants),
            output.say(_("Nothing was changed: this was a trial.")),
        )
        return
    output.print_result(
        value,
        output.say_number("{n} tenant's key was moved.", "{n} tenants' keys were moved.", done.moved),
        output.say(
            _("{file} holds the new key alone: copy it to where you keep the other one."), file=escape(str(path))
        ),
        output.say(
            _("{file} holds the key of before: keep it as long as dumps of before are kept, then destroy it."),
            file=escape(done.kept or ""),
        ),
    )


async def _rotate(output: Output, urls: Urls, which: KeyName, path: Path, *, dry_run: bool) -> Rotation:
    database = await Database(urls.needed("owner"), most=2, deadlines=UNHURRIED).open()
    try:
        with output.progress(_("Moving the tenants' keys")) as report:
            return await rotate_keys(
                database, which, path, now=dt.datetime.now(dt.UTC), dry_run=dry_run,
                report=lambda: report(_("One more tenant's key was moved")),
            )  # fmt: skip
    finally:
        await database.close()
