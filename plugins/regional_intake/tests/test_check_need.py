"""What the plugin's `check_need` asks about an urgent need, and of which needs it asks nothing."""

import importlib.util
from pathlib import Path
from uuid import UUID

from spheres_core.plugin import NeedFacts, ParticipantFacts

_spec = importlib.util.spec_from_file_location("distance", Path(__file__).parents[1] / "distance.py")
assert _spec is not None
assert _spec.loader is not None
distance = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(distance)


def need(*, urgency: str = "urgent", state: str = "open", reach: str = "no") -> NeedFacts:
    return NeedFacts(ParticipantFacts(UUID(int=1)), "housing", state, "herself", urgency, {distance.REACH: reach})


def test_check_need_asks_at_its_question_about_an_urgent_need_out_of_reach() -> None:
    (problem,) = distance.check_urgent(need())
    assert problem.path == distance.FIELD


def test_any_other_need_is_asked_nothing_about() -> None:
    for other in ({"urgency": "soon"}, {"state": "met"}, {"reach": "together"}):
        assert distance.check_urgent(need(**other)) == [], other
