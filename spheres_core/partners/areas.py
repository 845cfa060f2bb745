"""Areas within areas: who serves an area serves those in it."""

from collections.abc import Mapping, Sequence, Set


def with_outer_areas(area: str, within: Mapping[str, str]) -> set[str]:
    """Returns an area and those around it."""
    found: set[str] = set()
    while area and area not in found:
        found.add(area)
        area = within.get(area, "")
    return found


def with_inner_areas(areas: Sequence[str], around: Mapping[str, Set[str]]) -> tuple[str, ...]:
    """Returns areas and those in them. `around`: every area with those around it (`with_outer_areas`)."""
    inner = [each for each, outer in around.items() if each not in areas and not outer.isdisjoint(areas)]
    return (*areas, *inner)
