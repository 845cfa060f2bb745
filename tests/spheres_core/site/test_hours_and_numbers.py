"""Wherever a service is shown, its number and its hours are: open now and until when, or when it opens next."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Final

import pytest

from spheres_core.foundation.plugins.discovery import discover
from spheres_core.testing import MakeWorld, World, definition, write_plugin

TOWN: Final = """format = 1
coordination_to_confirm = {fr = "a", en = "a"}
[[areas]]
key = "town"
name = {fr = "Ville", en = "Town"}
[[organizations]]
key = "house"
name = {fr = "La Lanterne", en = "The Lantern"}
kind = "community"
status = "verified"
  [[organizations.roles]]
  role = "shelter"
  from = 2010-01-01
  duty = {fr = "Des lits.", en = "Beds."}
  status = "verified"
  [[organizations.services]]
  key = "halt"
  name = {fr = "Halte", en = "Drop-in"}
  about = {fr = "Une halte.", en = "A drop-in."}
  for = "public"
  areas = ["town"]
  hours = [HOURS]
  verified_on = 2026-11-01
  status = "verified"
  [[organizations.contacts]]
  key = "house_phone"
  kind = "phone"
  value = "(450) 555-0101 #12"
  label = {fr = "Téléphone", en = "Telephone"}
  verified_on = 2026-11-01
  status = "verified"
  [[organizations.contacts]]
  key = "house_fax"
  kind = "fax"
  value = "450.555.0102"
  label = {fr = "Bureau", en = "Office"}
  verified_on = 2026-11-01
  status = "verified"
[[emergency_contacts]]
key = "help"
areas = ["town"]
name = {fr = "Écoute", en = "Listening"}
purpose = {fr = "Parler.", en = "Talk."}
for = "listening"
phone = "1-800-555-0100"
hours = [HOURS]
verified_on = 2026-11-01
status = "verified"
[[emergency_contacts]]
key = "police"
areas = ["town"]
name = {fr = "Police de la ville", en = "Town police"}
purpose = {fr = "Danger.", en = "Danger."}
for = "immediate_danger"
phone = "450 555-0199"
verified_on = 2026-11-01
status = "to_confirm"
"""
EVENINGS: Final = '{rule = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", from = "18:00", to = "22:00"}'
WEDNESDAY: Final = dt.date(2026, 11, 25)


@pytest.fixture(scope="module")
def world(make_module_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("packs")
    for id_, hours in (
        ("evenings", EVENINGS),
        ("always", '{rule = "FREQ=DAILY", from = "00:00", to = "24:00"}'),
        ("nights", '{rule = "FREQ=DAILY", from = "20:00", to = "02:30"}'),
        ("summer", '{rule = "FREQ=WEEKLY;BYDAY=SA,SU;BYMONTH=6,7,8", from = "09:00", to = "12:00"}, '
                   '{rule = "FREQ=WEEKLY;BYDAY=SA,SU;BYMONTH=6,7,8", from = "13:30", to = "17:00"}'),
        ("mondays", '{rule = "FREQ=MONTHLY;BYDAY=1MO", from = "09:00", to = "12:00", without = [2026-12-07]}'),
        ("yearly", '{rule = "FREQ=YEARLY;BYYEARDAY=-10", from = "09:00", to = "12:00"}'),
        ("silent", ""),
    ):  # fmt: skip
        write_plugin(
            folder, id_, {"partners.toml": TOWN.replace("HOURS", hours)}, provides={"content": ["partners.toml"]}
        )
    made = [definition(each.name, each.name) for each in sorted(folder.iterdir())]
    return make_module_world(*made, on=discover([folder]))


def at(world: World, day: dt.date, hour: int, minute: int = 0) -> None:
    """Sets the clock to a time in Québec, in winter."""
    world.now = dt.datetime.combine(day, dt.time(hour, minute), dt.timezone(dt.timedelta(hours=-5)))


def words(world: World, path: str) -> str:
    """What a page says, with ordinary blanks."""
    answer = world.get(path)
    assert answer.status_code == 200, answer.text
    text = html.unescape(re.sub(r"<[^>]+>", "|", answer.text)).replace("\u00a0", " ")
    return re.sub(r"(?:\s*\|\s*)+", "|", re.sub(r"\s+", " ", text))


def found(world: World, slug: str, language: str) -> str:
    answer = world.post(f"/t/{slug}/{language}/partners/find", data={"when": "now"})
    assert answer.status_code == 200, answer.text
    text = html.unescape(re.sub(r"<[^>]+>", "|", answer.text)).replace("\u00a0", " ")
    return re.sub(r"(?:\s*\|\s*)+", "|", re.sub(r"\s+", " ", text))


@pytest.mark.parametrize(
    ("slug", "moment", "french", "english"),
    [
        ("evenings", (WEDNESDAY, 19), "|ouvert maintenant, jusqu’à 22 h|lundi à vendredi, 18 h à 22 h|",
         "|open now, until 10 p.m.|Monday to Friday, 6 p.m. to 10 p.m.|"),
        ("evenings", (WEDNESDAY, 9), "|ouvre à 18 h|lundi à vendredi, 18 h à 22 h|",
         "|opens at 6 p.m.|Monday to Friday, 6 p.m. to 10 p.m.|"),
        ("evenings", (WEDNESDAY, 22), "|ouvre demain à 18 h|", "|opens tomorrow at 6 p.m.|"),
        ("evenings", (dt.date(2026, 11, 28), 9), "|ouvre lundi à 18 h|", "|opens on Monday at 6 p.m.|"),
        ("always", (WEDNESDAY, 3), "|Jour et nuit, tous les jours|", "|Day and night, every day|"),
        ("nights", (WEDNESDAY, 23), "|ouvert maintenant, jusqu’à 2 h 30|tous les jours, 20 h à 2 h 30|",
         "|open now, until 2:30 a.m.|every day, 8 p.m. to 2:30 a.m.|"),
        ("nights", (WEDNESDAY, 1), "|ouvert maintenant, jusqu’à 2 h 30|", "|open now, until 2:30 a.m.|"),
        ("nights", (WEDNESDAY, 3), "|ouvre à 20 h|", "|opens at 8 p.m.|"),
        ("summer", (WEDNESDAY, 10),
         "|fermé maintenant|samedi et dimanche, juin à août, 9 h à 12 h et 13 h 30 à 17 h|",
         "|closed now|Saturday and Sunday, June to August, 9 a.m. to noon and 1:30 p.m. to 5 p.m.|"),
        ("mondays", (WEDNESDAY, 10),
         "|fermé maintenant|le premier lundi du mois, 9 h à 12 h|fermé le 7 décembre 2026|",
         "|closed now|the first Monday of the month, 9 a.m. to noon|closed on December 7, 2026|"),
        ("yearly", (WEDNESDAY, 10), "|certains jours, 9 h à 12 h|", "|on certain days, 9 a.m. to noon|"),
    ],
)  # fmt: skip
def test_each_page_says_whether_it_is_open_and_when(
    world: World, slug: str, moment: tuple[dt.date, int], french: str, english: str
) -> None:
    at(world, *moment)
    for language, expected in (("fr", french), ("en", english)):
        for page in (words(world, f"/t/{slug}/{language}/"), words(world, f"/t/{slug}/{language}/partners"),
                     found(world, slug, language)):  # fmt: skip
            assert expected in page


def test_hours_that_are_not_stated_are_not_made_up(world: World) -> None:
    for page in (words(world, "/t/silent/en/partners"), words(world, "/t/silent/en/")):
        assert not re.search(r"\b(open|opens|closed)\b", page)


def test_numbers_stand_in_the_readers_form_on_each_page_where_a_service_does(world: World) -> None:
    at(world, WEDNESDAY, 9)
    for language, phone, fax, kind, line in (
        ("fr", "450 555-0101, poste 12", "450 555-0102", "par télécopieur", "1 800 555-0100"),
        ("en", "450-555-0101, ext. 12", "450-555-0102", "by fax", "1-800-555-0100"),
    ):
        for page in (words(world, f"/t/evenings/{language}/partners"), found(world, "evenings", language)):
            assert f"|{phone}|" in page
            assert f"|{fax}|{kind}|" in page
            assert page.index(phone) < page.index(fax), "what answers at once stands first"
        assert f"|{line}|" in words(world, f"/t/evenings/{language}/")
    raw = world.get("/t/evenings/fr/partners").text
    assert 'href="tel:+14505550101;ext=12"' in raw
    assert "+14505550102" not in raw, "nobody calls a fax"


def test_a_line_that_nobody_has_confirmed_is_shown_nowhere_to_the_public(world: World) -> None:
    at(world, WEDNESDAY, 9)
    public = [world.get(f"/t/evenings/{path}").text for path in ("en/", "fr/", "en/partners", "api/partners")]
    public.append(world.get("/t/evenings/api/emergency-contacts?area=town").text)
    for page in public:
        assert "555-0199" not in page
        assert "Town police" not in page
        assert "Police de la ville" not in page
    assert "call the one that your community uses" in public[0]
    assert "composez celui de votre communauté" in public[1]
