"""`python -m benchmarks`: lay the ground, see that both sides do the same, measure them in turns, say the ratios."""

import argparse
import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from benchmarks import agenda, figures, forms, ground, hooks, ledger, plugins, sameness
from benchmarks.figures import ALL, CREATING, Measured, Slice
from benchmarks.ground import Ground
from benchmarks.serving import Server, serving


class Client:
    """The process that asks."""

    def __init__(self, connections: int, seconds: float) -> None:
        self._connections = connections
        self._seconds = seconds
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.client"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def load(self, server: Server, path: Path, what: str, places: int, *, seconds: float | None = None) -> Slice:
        """Ask one server one kind of request for a while. RuntimeError when any answer was not the expected one."""
        order = {
            "ground": str(path), "port": server.port, "what": what, "places": places,
            "connections": self._connections, "seconds": seconds or self._seconds,
        }  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        before = server.cpu()
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the process that asks has ended")
        found = json.loads(line)
        used = server.cpu() - before
        if set(found["statuses"]) != {"201" if what in CREATING else "200"}:
            raise RuntimeError(f"{what}: unexpected answers {found['statuses']}")
        number = len(found["taken"])
        return Slice(number / found["elapsed"], used * 1000 / number, found["taken"])

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


@contextlib.contextmanager
def asking(arguments: argparse.Namespace) -> Iterator[Client]:
    """The process that asks, ended when the block is left."""
    client = Client(arguments.connections, arguments.seconds)
    try:
        yield client
    finally:
        client.close()


@contextlib.contextmanager
def sides(laid: Ground, plugins: Path) -> Iterator[dict[str, Server]]:
    """Product and floor over one database."""
    environment = {"BENCH_TEXTS": json.dumps(laid.texts), "BENCH_PROOFREAD": json.dumps(laid.proofread)}
    with (
        serving("product", laid.url, plugins, environment) as product,
        serving("floor", laid.url, plugins, environment) as floor,
    ):
        sameness.check(laid, product, floor)
        yield {"product": product, "floor": floor}


def measure(arguments: argparse.Namespace, durability: str) -> dict[str, Any]:
    """Everything with writes that are made to last (`on`) or not (`off`)."""
    home, plugins = Path(arguments.home).absolute(), Path(arguments.plugins).absolute()
    pg = ground.cluster(home, durability)
    try:
        say(f"durability {durability}: laying the ground (1 tenant, then {arguments.tenants}) …")
        one = ground.lay(pg, "bench_one", tenants_present=1, plugins=plugins)
        many = ground.lay(pg, "bench_many", tenants_present=arguments.tenants, plugins=plugins)
        places = {"one": home / "one.json", "many": home / "many.json"}
        ground.write(one, places["one"])
        ground.write(many, places["many"])
        with asking(arguments) as client:
            with sides(many, plugins) as both:
                with sides(one, plugins) as alone:
                    found = rates(arguments, {"one": one, "many": many}, places, {"one": alone, "many": both}, client)
                say(f"a meeting: laying {agenda.ITEMS} files and {agenda.MEMBERS} members …")
                briefs = agenda.measure(many, home, both, client.load, rounds=arguments.rounds)
            say(f"the ledger: laying {arguments.participants} participants …")
            listed = ledger.measure(
                many, places["many"], plugins, client.load,
                participants=arguments.participants, rounds=arguments.rounds,
            )  # fmt: skip
        return {
            "durability": durability,
            "rates": found,
            "growth": growth(found),
            "agenda": briefs,
            "ledger": listed,
            "create_a_tenant_ms": {
                "row, key, plugins, settings": _spread(many.create_ms),
                "first meeting (partners, forms, lists taken in)": _spread(many.meet_ms[1:] or many.meet_ms),
            },
            "add_a_column_for_all_ms": {
                "1 tenant": _spread(asyncio.run(ground.add_a_column(one.owner))),
                f"{arguments.tenants} tenants": _spread(asyncio.run(ground.add_a_column(many.owner))),
            },
        }
    finally:
        pg.stop()


def ten_plugins(arguments: argparse.Namespace) -> dict[str, Any]:
    """The cost of ten code plugins, with writes that are made to last."""
    home, folder = Path(arguments.home).absolute(), Path(arguments.plugins).absolute()
    with asking(arguments) as client:
        return plugins.measure(home, folder, client.load, rounds=arguments.rounds)


def rates(
    arguments: argparse.Namespace,
    laid: Mapping[str, Ground],
    paths: Mapping[str, Path],
    servers: Mapping[str, Mapping[str, Server]],
    client: Client,
) -> list[dict[str, Any]]:
    """Each request in each setting, product and floor in turns."""
    settings = [
        ("1 tenant", "one", 1),
        (f"{arguments.tenants} present, 1 asked", "many", 1),
        (f"{arguments.tenants} present, all asked", "many", arguments.tenants),
    ]
    found = {(what, name): Measured(what, name) for name, _, _ in settings for what in ALL}
    say("product and floor give the same answers and write the same rows")
    for _, which, asked in settings:
        for what in ALL:
            for server in servers[which].values():
                every_tenant = len(laid[which].places) / 100 if asked > 1 else 0.0
                client.load(server, paths[which], what, asked, seconds=max(2 * arguments.seconds, every_tenant))
    for turn in range(arguments.rounds):
        say(f"turn {turn + 1} of {arguments.rounds}")
        for name, which, asked in settings:
            for what in ALL:
                order = ("product", "floor") if turn % 2 == 0 else ("floor", "product")
                for side in order:
                    took = client.load(servers[which][side], paths[which], what, asked)
                    getattr(found[what, name], side).slices.append(took)
    return [each.plain() for each in found.values()]


def growth(found: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Processor time of a request with all tenants over that with one; 1 is no growth."""
    names = list(dict.fromkeys(each["setting"] for each in found))
    by = {(each["request"], each["setting"]): each for each in found}
    return {
        ALL[what]: {
            f"{side}, {name}": round(by[what, name][side]["cpu_ms"] / by[what, names[0]][side]["cpu_ms"], 2)
            for name in names[1:]
            for side in ("product", "floor")
        }
        for what in ALL
    }


def _spread(taken: list[float]) -> dict[str, float]:
    return {"median": round(median(taken), 2), "min": round(min(taken), 2), "max": round(max(taken), 2)}


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def show(report: dict[str, Any]) -> None:
    """The report for a person."""
    print(
        f"\ndurability {report['durability']}; ratio: product's requests per second over the floor's, median of turns"
    )
    print(figures.table(report["rates"]))
    print("\nprocessor time for one request, against the same with one tenant:")
    for what, each in report["growth"].items():
        print(f"  {what:<20}" + "  ".join(f"{name}: {value:.2f}" for name, value in each.items()))
    print(agenda.show(report["agenda"]))
    print(ledger.show(report["ledger"]))
    for title in ("create_a_tenant_ms", "add_a_column_for_all_ms"):
        print(f"\n{title.replace('_', ' ')}:")
        for name, each in report[title].items():
            print(f"  {name:<50}{each['median']:>9.2f}  ({each['min']:.2f}–{each['max']:.2f})")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--tenants", type=int, default=1000, help="tenants present in the larger database")
    parser.add_argument("--participants", type=int, default=200_000, help="participants among whom 50 are listed")
    parser.add_argument("--rounds", type=int, default=12, help="turns of each measurement")
    parser.add_argument(
        "--seconds", type=float, default=0.5, help="length of each turn; each request is asked twice as long first"
    )
    parser.add_argument("--connections", type=int, default=8, help="requests under way at the same time")
    parser.add_argument("--durability", choices=["on", "off", "both"], default="on", help="are writes made to last")
    parser.add_argument("--home", default=".spheres-bench", help="where the databases are laid")
    parser.add_argument("--plugins", default="plugins", help="the folder of plugins")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    arguments = parser.parse_args()
    asked = hooks.measure(min(hooks.TURNS, 5 * arguments.rounds))
    read = forms.measure(min(forms.TURNS, arguments.rounds))
    wanted = ["on", "off"] if arguments.durability == "both" else [arguments.durability]
    reports = [measure(arguments, each) for each in wanted]
    say("ten code plugins: laying the ground …")
    ten = ten_plugins(arguments)
    if arguments.json:
        told = {"cpus": os.cpu_count(), "reports": reports, "hooks": asked, "forms": read, "plugins": ten}
        print(msgspec.json.format(msgspec.json.encode(told)).decode())
        return
    for report in reports:
        show(report)
    print(plugins.show(ten))
    print(hooks.show(asked))
    print(forms.show(read))


if __name__ == "__main__":
    main()
