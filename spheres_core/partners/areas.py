"""Areas within areas: who serves an area serves those in it."""

from collections.abc import Mapping, Sequence


def with_outer_areas(area: str, within: Mapping[str, str]) -> set[str]:
    """Returns an area and those around it."""
    found: set[str] = set()
    while area and area not in found:
        found.add(area)
        area = within.get(area, "")
    return found


def with_inner_areas(areas: Sequence[str], within: Mapping[str, str]) -> tuple[str, ...]:
    inner = [each for each in within if each not in areas and not with_outer_areas(each, within).isdisjoint(areas)]
    return (*areas, *inner)
