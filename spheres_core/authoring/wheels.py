"""Builds a wheel of a plugin. The manifest holds all that publishing needs: there is no second file to keep true."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Final

from spheres_core.facts import msg
from spheres_core.foundation import deployment
from spheres_core.foundation.content import toml
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.isolation.fault_location import PACKAGE
from spheres_core.foundation.plugins import signatures
from spheres_core.foundation.plugins.discovery import ENTRY_POINTS
from spheres_core.foundation.plugins.manifest import FILE, Manifest, read_manifest

LEFT_OUT: Final = ("__pycache__", "*.pyc", ".*", "tests", "build", "dist", "*.egg-info")
"""Patterns of the files in an author's folder that do not go into the wheel."""

EPOCH: Final = "315532800"
"""Seconds: the oldest moment that a zip file can name. With it the same folder makes the same wheel, byte for byte."""


class BuildFailed(Exception):
    """pip made no wheel; the text is what it said."""


def distribution_name(plugin_id: str) -> str:
    """Returns the name under which a plugin is published."""
    return f"spheres-plugin-{plugin_id.replace('_', '-')}"


def build(folder: Path, out: Path, *, key: Path | None = None) -> Path:
    """Builds the wheel of the plugin in `folder` into `out`; returns its path. `key`: the file of the key to sign with.

    The wheel holds a bill of contents, `contents.json`: each file with its SHA-256.

    Raises `ContentInvalid` when the manifest cannot be read or a file leads out of the folder, `BuildFailed`.
    """
    manifest = read_manifest(folder.resolve())
    _refuse_links(folder)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as staged:
        project, made = Path(staged, "project"), Path(staged, "made")
        shutil.copytree(folder, project / PACKAGE / manifest.id, ignore=shutil.ignore_patterns(*LEFT_OUT))
        staged_folder = project / PACKAGE / manifest.id
        contents = signatures.contents_of(staged_folder, manifest.id, manifest.version)
        (staged_folder / signatures.CONTENTS).write_bytes(contents)
        if key is not None:
            signatures.sign(staged_folder, key, contents)
        (project / "pyproject.toml").write_text(_project(manifest), encoding="utf-8")
        _run_pip(project, made)
        (wheel,) = made.glob("*.whl")
        return Path(shutil.copy2(wheel, out / wheel.name))


def _refuse_links(folder: Path) -> None:
    links = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_symlink()]
    if links:
        raise ContentInvalid([Finding(each, msg("A plugin has no links: copy the file itself.")) for each in links])


def _project(manifest: Manifest) -> str:
    package = f"{PACKAGE}.{manifest.id}"
    needs = [f"spheres{manifest.compatible['spheres']}"]
    needs += [f"{distribution_name(other)}{wanted}" for other, wanted in manifest.requires.items()]
    needs += [f"{name}{wanted}" for name, wanted in manifest.requires_python.items()]
    summary = manifest.title.get("en") or next(iter(manifest.title.values()))
    written = {
        "build-system": {
            "requires": [f"setuptools=={version('setuptools')}"],
            "build-backend": "setuptools.build_meta",
        },
        "project": {
            "name": distribution_name(manifest.id),
            "version": manifest.version,
            "description": summary,
            "requires-python": ">=3.11",
            "authors": [{"name": manifest.owner}],
            "license": {"text": manifest.licence},
            "dependencies": needs,
            "entry-points": {ENTRY_POINTS: {manifest.id: package}},
        },
        "tool": {"setuptools": {"packages": [package], "package-data": {package: ["**/*", FILE]}}},
    }
    return toml.document(written)


def _run_pip(project: Path, made: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(made)]
    environment = deployment.for_child_process(SOURCE_DATE_EPOCH=EPOCH)
    command = [*pip, "wheel", *options, str(project)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode != 0:
        raise BuildFailed(done.stderr.strip()[-1000:])
