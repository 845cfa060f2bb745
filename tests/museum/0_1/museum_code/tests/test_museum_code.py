"""Tests of what the plugin promises, over HTTP. `example_region` is a pack that every test finds."""

from spheres_core.testing import MakeWorld, definition


def test_a_referral_from_far_away_is_pointed_out_and_counted_once_where_the_plugin_is(make_world: MakeWorld) -> None:
    settings = {"museum_code": {"far_communities": ["far"]}}
    north = definition("north", "example_region", "museum_code", settings=settings)
    world = make_world(north, definition("east", "example_region"))
    headers = world.bearer("north", "coordinator")
    answers = world.example_answers("north")
    answers["about"]["community"] = "far"

    assert world.refer("north", answers).status_code == 201
    world.deliver("north")
    world.deliver("north", again=True)

    read = world.get("/t/north/api/referrals", headers=headers).json()["items"][0]
    assert "museum_code" in {each["by"] for each in read["opinions"]}
    assert world.get("/t/north/api/x/museum_code/far", headers=headers).json() == {"far": 1}
    assert world.get("/t/north/api/x/museum_code/far").status_code == 401
    assert world.get("/t/east/api/x/museum_code/far", headers=headers).status_code == 404
