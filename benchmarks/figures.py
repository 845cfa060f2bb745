"""From what was measured to what is said: medians, ratios and their spread, as a table or as JSON."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, Protocol

from msgspec import Struct, field

from benchmarks.serving import Server

NAMES = {"receive": "receive a referral", "list": "triage list", "read": "read one"}
"""Requests of referrals, by the name that the client knows."""
OF_HER_FILE = {"encounter": "write an encounter", "day": "my day", "open": "open a file of 500"}
ALL = {**NAMES, **OF_HER_FILE}
CREATING = {"receive", "encounter"}


class Slice(Struct):
    """One second or so of one kind of request at one server."""

    rate: float
    """Requests per second."""
    cpu_ms: float
    """Processor milliseconds of the server for one request; what other programs do does not change it much."""
    taken: list[float]
    """Milliseconds of each request."""


class Load(Protocol):
    """Asks a server one kind of request for a while."""

    def __call__(self, server: Server, path: Path, what: str, places: int) -> Slice: ...


class Side(Struct):
    """All slices of product or floor."""

    slices: list[Slice] = field(default_factory=list)

    def rate(self) -> float:
        return median(each.rate for each in self.slices)

    def cpu(self) -> float:
        return median(each.cpu_ms for each in self.slices)

    def percentile(self, part: float) -> float:
        taken = sorted(t for each in self.slices for t in each.taken)
        return taken[min(len(taken) - 1, int(len(taken) * part))]


class Measured(Struct):
    """One kind of request in one setting, product and floor in turns."""

    what: str
    setting: str
    product: Side = field(default_factory=Side)
    floor: Side = field(default_factory=Side)

    def ratios(self) -> list[float]:
        """Product's rate over floor's, turn by turn."""
        pairs = zip(self.product.slices, self.floor.slices, strict=True)
        return [mine.rate / least.rate for mine, least in pairs]

    def plain(self) -> dict[str, Any]:
        """As JSON says it."""
        ratios = self.ratios()
        return {
            "request": self.what,
            "setting": self.setting,
            "ratio": round(median(ratios), 3),
            "ratio_min": round(min(ratios), 3),
            "ratio_max": round(max(ratios), 3),
            "cpu_ratio": round(self.floor.cpu() / self.product.cpu(), 3),
            **{
                name: {
                    "requests_per_second": round(side.rate(), 1),
                    "cpu_ms": round(side.cpu(), 3),
                    "p50_ms": round(side.percentile(0.5), 2),
                    "p99_ms": round(side.percentile(0.99), 2),
                    "requests": sum(len(each.taken) for each in side.slices),
                }
                for name, side in (("product", self.product), ("floor", self.floor))
            },
        }


def table(found: Sequence[dict[str, Any]]) -> str:
    """The figures for a terminal."""
    lines = [
        f"{'request':<20}{'setting':<26}{'ratio (min–max)':<20}{'cpu':<7}{'product/s':>10}{'floor/s':>9}"
        f"{'p50 and p99 ms':>17}{'floor’s':>15}"
    ]
    for each in found:
        ratio = f"{each['ratio']:.2f} ({each['ratio_min']:.2f}–{each['ratio_max']:.2f})"
        product, floor = each["product"], each["floor"]
        lines.append(
            f"{ALL[each['request']]:<20}{each['setting']:<26}{ratio:<20}{each['cpu_ratio']:<7.2f}"
            f"{product['requests_per_second']:>10.0f}{floor['requests_per_second']:>9.0f}"
            f"{_slowness(product):>17}{_slowness(floor):>15}"
        )
    return "\n".join(lines)


def _slowness(side: dict[str, Any]) -> str:
    return f"{side['p50_ms']:.1f} {side['p99_ms']:.1f}"
