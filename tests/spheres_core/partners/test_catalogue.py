"""The lists of a region: what they refer to is there, what was used is retired and never removed, sheets and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from spheres_core import app
from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.partners.code_lists import Catalogue, read_catalogue, removed_codes
from tests.plugins.planting import plant

LISTS = """\
[needs]
items = [{code = "safety", label = {fr = "Sécurité", en = "Safety"}}]
[activity_categories]
items = [{code = "cultural", label = {fr = "Culturelles", en = "Cultural"}}]
"""
ACTIVITY = '[[activities]]\ncode = "museum"\nlabel = {fr = "Musée", en = "Museum"}\ncategory = "cultural"\n'
MODEL = """\
[[stage_models]]
key = "two"
version = "1"
name = {fr = "Deux", en = "Two"}
stages = [{code = "a", label = {fr = "A", en = "A"}}, {code = "b", label = {fr = "B", en = "B"}}]
"""
GOAL = '[[goal_templates]]\ncode = "key"\nlabel = {fr = "Ma clé", en = "My key"}\nneeds = ["safety"]\n'


def read(folder: Path, text: str) -> Catalogue:
    (folder / "catalogue.toml").write_text(f"format = 1\n{text}", encoding="utf-8")
    return read_catalogue([folder / "catalogue.toml"], "x")


def built(folder: Path, text: str) -> PluginSet:
    ground = plant(folder, "ground")
    (ground / "catalogue.toml").write_text(f"format = 1\n{LISTS}", encoding="utf-8")
    root = plant(folder, "region", manifest={"requires": {"ground": ">=0"}})
    (root / "catalogue.toml").write_text(f"format = 1\n{text}", encoding="utf-8")
    return build_set(discover([folder]), ["ground", "region"], app.rooms(), app.catalog_folder())


def test_what_an_entry_names_may_stand_in_a_pack_that_is_required(tmp_path: Path) -> None:
    assert built(tmp_path, ACTIVITY + MODEL + GOAL).left_out == {}


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        (ACTIVITY.replace('"cultural"', '"cultura"'), 5, "activities[0].category"),
        (ACTIVITY + 'purposes = ["none"]\n', 6, "activities[0].purposes"),
        (GOAL.replace("safety", "safe"), 5, "goal_templates[0].needs"),
    ],
)
def test_a_code_that_no_list_has_is_refused_at_its_place(tmp_path: Path, text: str, line: int, key: str) -> None:
    made = built(tmp_path, text)

    assert [(each.line, each.key) for each in made.findings["region"]] == [(line, key)]


@pytest.mark.parametrize(
    "text", [ACTIVITY * 2, GOAL * 2, MODEL * 2, MODEL.replace('"b", label', '"a", label'), MODEL.replace("two", "Two!"),
             MODEL.partition("stages")[0] + "stages = []\n", ACTIVITY + 'price = "free"\n']
)  # fmt: skip
def test_a_code_twice_or_a_model_without_stages_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ContentInvalid):
        read(tmp_path, text)


def test_a_code_that_is_gone_is_told_and_one_that_is_retired_is_not(tmp_path: Path) -> None:
    before = read(tmp_path, LISTS + ACTIVITY + MODEL + GOAL)
    retired = read(tmp_path, LISTS + ACTIVITY + "retired = true\n" + MODEL + GOAL)
    without = read(tmp_path, LISTS.partition("[activity")[0] + MODEL.replace('code = "b"', 'code = "c"'))

    assert removed_codes(before, retired) == []
    assert removed_codes(before, without) == [
        ("activity_categories", "cultural"), ("activities", "museum"), ("stage_models", "two.b"),
        ("goal_templates", "key"),
    ]  # fmt: skip
    assert len(removed_codes(before, None)) == 7
