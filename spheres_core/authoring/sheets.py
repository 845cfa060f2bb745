"""Makes a pack of a folder of spreadsheets for whoever works at a command line, and empty sheets to begin with."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from spheres_core import app
from spheres_core.authoring import scaffold
from spheres_core.site.pack_sheets import from_pack, to_pack
from spheres_core.site.pack_sheets.from_pack import Exported
from spheres_core.site.pack_sheets.to_pack import NewPack, WrittenPack


def make_pack(folder: Path, place: Path, wanted: NewPack, *, now: dt.datetime) -> WrittenPack:
    """Writes the pack of a folder of sheets where `scaffold.plugin_folder_for` says.

    Raises ContentInvalid with everything that is wrong in any of its files, or `CannotScaffold`; then nothing was
    written.
    """
    if problem := scaffold.problem_with_id(wanted.id):
        raise scaffold.CannotScaffold(problem)
    root = scaffold.plugin_folder_for(place, wanted.id)
    return to_pack.write_pack(folder, root, wanted, readers=app.pack_readers(), now=now)


def write_empty_sheets(out: Path, languages: Sequence[str]) -> Exported:
    """Writes a folder of sheets to fill, with the referral form that every new pack begins with."""
    wanted = scaffold.NewPlugin("pack", "my_region", tuple(languages), scaffold.title_of("my_region", languages, {}))
    referral = scaffold.render_files(wanted)["forms/referral.md"].encode()
    return from_pack.write_empty_sheets(out, languages, referral)
