"""The cost of ten code plugins: the same requests to two regions of one server, one with them and one without.

The plugins are `shelter_beds` and nine as `spheres plugin new` makes them; five of these also show a panel on the home
page. The two regions are asked in turns.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks import ground
from benchmarks.figures import NAMES, Load, Slice
from benchmarks.serving import Server, serving
from spheres_core.authoring.scaffold import NewPlugin, create_plugin

GENERATED: Final = tuple(f"bench_plugin_{letter}" for letter in "abcdefghi")
SHOWING: Final = 5
"""Generated plugins that show a panel on the home page."""
TEN: Final = (*ground.PLUGINS, "shelter_beds", *GENERATED)
HOME: Final = "home"
PANEL: Final = """

@hookimpl
def show_home(settings: Settings) -> Panel:
    fact = PanelFact({"fr": "Communautés", "en": "Communities"}, len(settings.far_communities))
    return Panel({"fr": "Un encart", "en": "A panel"}, (fact,))
"""


def measure(home: Path, plugins: Path, load: Load, *, rounds: int) -> dict[str, Any]:
    """Requests per second with the plugins over those without, and what five panels add to a page."""
    folder = _write(home / "ten", plugins)
    pg = ground.cluster(home, "on")
    try:
        laid = ground.lay(pg, "bench_ten", tenants_present=2, plugins=folder, wanted=(ground.PLUGINS, TEN))
        paths = []
        for name, place in zip(("without", "with"), laid.places, strict=True):
            paths.append(home / f"{name}_ten.json")
            ground.write(ground.Ground(**{**_fields(laid), "places": [place]}), paths[-1])
        with serving("product", laid.url, folder, {}) as server:
            return dict(_compare(server, paths, load, rounds))
    finally:
        pg.stop()


def _fields(laid: ground.Ground) -> dict[str, Any]:
    return {name: getattr(laid, name) for name in laid.__struct_fields__}


def _write(folder: Path, plugins: Path) -> Path:
    """Makes a folder of the repository's plugins and the generated ones."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(plugins, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for number, id_ in enumerate(GENERATED):
        title = {"fr": "Essai", "en": "Trial"}
        root = create_plugin(NewPlugin("code", id_, ("fr-CA", "en-CA"), title), folder / id_)
        if number < SHOWING:
            hooks = root / "hooks.py"
            text = hooks.read_text().replace("Opinion, Permission,", "Opinion, Panel, PanelFact, Permission,")
            hooks.write_text(text + PANEL)
            manifest = root / "plugin.toml"
            manifest.write_text(manifest.read_text().replace("hooks = [", 'hooks = [\n  "show_home",'))
    return folder


def _compare(server: Server, paths: list[Path], load: Load, rounds: int) -> Iterator[tuple[str, dict[str, float]]]:
    for what in (*NAMES, HOME):
        for path in paths:
            load(server, path, what, 1)
        turns: list[list[Slice]] = [[], []]
        for turn in range(rounds):
            for side in (0, 1) if turn % 2 == 0 else (1, 0):
                turns[side].append(load(server, paths[side], what, 1))
        without, with_ten = turns
        ratios = [after.rate / before.rate for before, after in zip(without, with_ten, strict=True)]
        cpu = [median(each.cpu_ms for each in side) for side in turns]
        yield (
            what,
            {
                "ratio": round(median(ratios), 2),
                "ratio_min": round(min(ratios), 2),
                "ratio_max": round(max(ratios), 2),
                "cpu_ratio": round(cpu[0] / cpu[1], 2),
                "without_cpu_ms": round(cpu[0], 2),
                "with_cpu_ms": round(cpu[1], 2),
                "added_cpu_ms": round(cpu[1] - cpu[0], 2),
            },
        )


def show(found: dict[str, Any]) -> str:
    """The figures for a person."""
    lines = [f"\n{len(TEN) - len(ground.PLUGINS)} code plugins on, against the same without (ratio; processor):"]
    for what, each in found.items():
        name = NAMES.get(what, f"home page, {SHOWING} panels")
        ratio = f"{each['ratio']:.2f} ({each['ratio_min']:.2f}–{each['ratio_max']:.2f})"
        took = f"{each['with_cpu_ms']:.2f} ms for {each['without_cpu_ms']:.2f}: {each['added_cpu_ms']:+.2f}"
        lines.append(f"  {name:<24}{ratio}   {each['cpu_ratio']:.2f}, {took}")
    return "\n".join(lines)
