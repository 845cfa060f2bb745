"""Whatever is sent, the answer is clear: accepted, or refused with a problem that names the place; never a mistake."""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.testing import World, definition
from tests.examples import examples
from tests.journeys.wire import Answer, Probe, json_probe, send

REFER: Final = "/t/north/api/referrals"
JSON: Final = (("content-type", "application/json"),)
FORM: Final = (("content-type", "application/x-www-form-urlencoded"),)
SQL: Final = (
    "'; DROP TABLE referrals; --",
    "' OR '1'='1",
    "1); SELECT pg_sleep(9); --",
    "$1",
    "%s",
    "\\'; --",
    "{answers}",
)
SCRIPT: Final = "<script>alert('kanari')</script><img src=x onerror=alert(1)>\"'><svg/onload=1>"
TYPES: Final[tuple[Any, ...]] = (None, True, 0, -1, 1.5, 10**30, "", "x", [], [[]], ["x"], {}, {"x": {"y": []}})


@pytest.fixture(scope="module")
def world(shared_world: World, machine: Machine) -> World:
    """Two regions; nothing here should leave anything behind."""
    theirs = ("quebec", "outaouais", *(["regional_intake"] if "regional_intake" in machine.plugins else []))
    return shared_world.renew(definition("north", "quebec", "montreal"), definition("south", *theirs))


@pytest.fixture(scope="module")
def answers(world: World) -> dict[str, Any]:
    """Answers that are valid today."""
    return world.example_answers("north")


@pytest.fixture(scope="module")
def token(world: World) -> tuple[tuple[str, str], ...]:
    """Who may read referrals and change what a region is."""
    return tuple(world.bearer("north", "coordinator", "administrator").items())


@pytest.fixture(scope="module")
def database(world: World) -> Iterator[psycopg.Connection[Any]]:
    """A connection that sees everything, kept for all tests."""
    with psycopg.connect(world.urls.needed("owner"), autocommit=True) as connection:
        yield connection


def check_refusal(answer: Answer, probe: Any = "") -> dict[str, Any]:
    """A clear refusal: a problem document that says what is wrong, and nothing of ours."""
    assert 400 <= answer.status < 500, (answer, probe)
    assert answer.header("content-type") == "application/problem+json", (answer, probe)
    document: dict[str, Any] = answer.json()
    assert document["status"] == answer.status
    assert document["type"] == f"urn:spheres:problem:{document['code']}"
    assert document["title"]
    assert "incident" not in document
    assert "Traceback" not in answer.text
    for problem in document.get("errors", ()):
        assert problem["message"]
    return document


def stored(database: psycopg.Connection[Any]) -> int:
    """How many referrals there are."""
    ((number,),) = database.execute("SELECT count(*) FROM referrals").fetchall()
    return int(number)


def nested(opening: bytes, inner: bytes, closing: bytes, times: int) -> bytes:
    return opening * times + inner + closing * times


BODIES: Final[dict[str, bytes]] = {
    "nothing": b"",
    "blank": b"   ",
    "half": b'{"answers": {',
    "twice": b'{"answers":{}}{"answers":{}}',
    "a comma too many": b'{"answers":{},}',
    "single quotes": b"{'answers': {}}",
    "a word": b"referral",
    "null": b"null",
    "a number": b"12",
    "a text": b'"referral"',
    "a list": b"[]",
    "not a number": b'{"answers": NaN}',
    "infinity": b'{"answers": {"about": {"age": Infinity}}}',
    "a huge exponent": b'{"answers": {"about": {"age": 1e999}}}',
    "a huge number": b'{"answers": {"about": {"age": ' + b"9" * 5_000 + b"}}}",
    "5,000 brackets": b'{"answers": {"x": ' + nested(b"[", b"1", b"]", 5_000) + b"}}",
    "5,000 open brackets": b"[" * 5_000,
    "5,000 objects": b'{"answers": ' + nested(b'{"a":', b"1", b"}", 5_000) + b"}",
    "100,000 objects": nested(b'{"a":', b"1", b"}", 100_000),
    "a lone surrogate": b'{"answers": {"about": {"her_words": "\\ud800"}}}',
    "a surrogate in a name": b'{"answers": {"\\udfff": 1}}',
    "invalid UTF-8": b'{"answers": {"about": {"her_words": "\xff\xfe"}}}',
    "overlong UTF-8": b'{"answers": {"about": {"her_words": "\xc0\xaf"}}}',
    "UTF-16": '{"answers": {}}'.encode("utf-16"),
    "a mark before": b"\xef\xbb\xbf{}",
    "NUL": b'{"answers": {"about": {"her_words": "a\\u0000b"}}}',
    "a raw NUL": b'{"answers": {"about": {"her_words": "a\x00b"}}}',
    "a name with NUL": b'{"answers": {"about\\u0000": 1}}',
    "unknown names": b'{"answers": {}, "admin": true}',
    "no answers": b'{"form": "referral"}',
    "10,000 unknown names": msgspec.json.encode({"answers": {f"q{n}": n for n in range(10_000)}}),
    "10,000 repeats": msgspec.json.encode({"answers": {"household": [{"age": 1}] * 10_000}}),
    "10,000 choices": msgspec.json.encode({"answers": {"about": {"needs": ["safety"] * 10_000}}}),
    "a text of a megabyte": msgspec.json.encode({"answers": {"about": {"her_words": "é" * 500_000}}}),
    "three megabytes": b'{"answers": {"about": {"her_words": "' + b"x" * 3_000_000 + b'"}}}',
    "an unknown form": b'{"answers": {}, "form": "nothing"}',
    "a form with a path": b'{"answers": {}, "form": "../../etc/passwd"}',
    "a form with NUL": b'{"answers": {}, "form": "referral\\u0000"}',
    "a long form": msgspec.json.encode({"answers": {}, "form": "x" * 100_000}),
    "an unknown language": b'{"answers": {}, "language": "tlh"}',
    "a language with NUL": b'{"answers": {}, "language": "fr\\u0000"}',
    "an empty language": b'{"answers": {}, "language": ""}',
    "an unknown version": b'{"answers": {}, "version": "0"}',
    "a version with NUL": b'{"answers": {}, "version": "\\u0000"}',
}


WHOLE: Final = ("/api/referrals", "/api/advice", "/api/receipts")
"""Where all of them are posted: answers to a form, answers of strangers to an optional one, and a struct."""
SAME_READER: Final = (
    "/api/receipts/withdraw",
    "/api/referrals/{id}/transitions",
    "/api/inquiries",
    "/api/advice/receipts",
)
"""Where one of each sort is: the same decoder reads them, into another struct."""
ONE_OF_EACH_SORT: Final = (
    "nothing", "half", "null", "a list", "5,000 brackets", "a lone surrogate", "invalid UTF-8", "NUL", "unknown names",
    "three megabytes",
)  # fmt: skip


@pytest.mark.parametrize(
    ("path", "name"),
    [*itertools.product(WHOLE, BODIES), *itertools.product(SAME_READER, ONE_OF_EACH_SORT)],
)
def test_a_body_that_cannot_be_meant_is_refused_clearly(
    world: World, database: psycopg.Connection[Any], token: tuple[tuple[str, str], ...], path: str, name: str
) -> None:
    before = stored(database)
    body = BODIES[name]
    target = "/t/north" + path.replace("{id}", "0199a0de-0000-7000-8000-000000000000")
    document = check_refusal(send(world, Probe("POST", target, (*JSON, *token), body)), path)
    assert document["code"] in {
        "malformed", "too_large", "answers_invalid", "language_unknown", "form_unknown", "form_outdated", "not_found",
    }  # fmt: skip
    assert stored(database) == before


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value of an object, groups too."""
    if path:
        yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))


def replaced(value: dict[str, Any], path: tuple[Any, ...], by: Any) -> dict[str, Any]:
    made = copy.deepcopy(value)
    place = made
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = by
    return made


def test_each_field_of_the_wrong_type_is_refused_and_named(
    world: World, database: psycopg.Connection[Any], answers: dict[str, Any]
) -> None:
    before = stored(database)
    accepted = 0
    for path in leaves(answers):
        for value in TYPES:
            body = {"answers": replaced(answers, path, value), "language": "fr"}
            answer = send(world, json_probe("POST", REFER, body))
            if answer.status == 201:
                accepted += 1
                continue
            document = check_refusal(answer, (path, value))
            place = ".".join(path)
            paths = [problem["path"] for problem in document["errors"]]
            kin = [each for each in paths if each.startswith(place) or place.startswith(each)]
            follows = path[-1] in ("knows", "agrees", "how", "age_known", "agreement", "contact", "about", "referrer")
            assert kin or follows, (path, value, document)
    assert stored(database) == before + accepted


@pytest.mark.parametrize("name", ["answers", "form", "language", "version"])
def test_each_part_of_a_referral_of_the_wrong_type_is_refused_and_named(world: World, name: str) -> None:
    for value in TYPES:
        body = {"answers": {}, name: value}
        check_refusal(send(world, json_probe("POST", REFER, body)), body)


def test_negative_impossible_and_absurd_ages_and_dates_are_refused(world: World, answers: dict[str, Any]) -> None:
    for age in (-1, -(10**18), 121, 10**9, 2**31, 2**63, 2**64, 17.5, "17", "dix-sept", True):
        body = {"answers": replaced(answers, ("about", "age"), age), "language": "fr"}
        document = check_refusal(send(world, json_probe("POST", REFER, body)), age)
        assert document["errors"][0]["path"] == "about.age"
    dated = replaced(answers, ("about", "age_known"), "birth_date")
    for born in (
        "2999-01-01",
        "2026-02-30",
        "0000-00-00",
        "-001-01-01",
        "10000-01-01",
        "2010-1-1",
        "01/02/2010",
        "",
        "x",
        0,
        None,
    ):
        body = {"answers": replaced(dated, ("about", "birth_date"), born), "language": "fr"}
        document = check_refusal(send(world, json_probe("POST", REFER, body)), born)
        assert any(problem["path"] == "about.birth_date" for problem in document["errors"]), (born, document)


def texts_of(answers: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Fields of free text, where people write what they like."""
    free = {"name", "when", "care", "her_words", "referrer_name", "referrer_organization"}
    return [path for path in leaves(answers) if path[-1] in free]


@pytest.mark.parametrize("words", SQL)
def test_sql_in_any_field_is_words_and_nothing_else(
    world: World,
    database: psycopg.Connection[Any],
    token: tuple[tuple[str, str], ...],
    answers: dict[str, Any],
    words: str,
) -> None:
    before = stored(database)
    told = answers
    for path in texts_of(answers):
        told = replaced(told, path, words)
    sent = send(world, json_probe("POST", REFER, {"answers": told, "language": "fr"}))
    assert sent.status == 201, sent.text
    newest = send(world, Probe("GET", REFER, token)).json()["items"][0]["id"]
    read = send(world, Probe("GET", f"{REFER}/{newest}", token)).json()
    assert read["answers"] == told
    assert stored(database) == before + 1
    for path in leaves(answers):
        send_again = send(
            world, json_probe("POST", REFER, {"answers": replaced(answers, path, words), "language": "fr"})
        )
        assert send_again.status in (201, 422), send_again.text
    for name in ("state", "language", "need", "cursor"):
        listed = send(world, Probe("GET", f"{REFER}?{urlencode({name: words})}", token))
        assert listed.status in (200, 422), listed.text
        assert listed.status == 422 or listed.json()["items"] == []
    for name in ("receipt",):
        asked = send(world, json_probe("POST", "/t/north/api/receipts", {name: words}))
        assert asked.status == 404


def test_script_in_any_field_is_kept_and_shown_as_words(
    world: World, token: tuple[tuple[str, str], ...], answers: dict[str, Any]
) -> None:
    told = answers
    for path in texts_of(answers):
        told = replaced(told, path, SCRIPT)
    sent = send(world, json_probe("POST", REFER, {"answers": told, "language": "fr"}))
    assert sent.status == 201, sent.text
    newest = send(world, Probe("GET", REFER, token)).json()["items"][0]["id"]
    for language in ("fr", "en"):
        page = send(world, Probe("GET", f"/t/north/{language}/referrals/{newest}", token))
        assert page.status == 200
        assert "&lt;script&gt;alert(" in page.text, "it is shown"
        for tag in ("<script>alert", "<img src=x", "<svg/onload"):
            assert tag not in page.text
    typed = urlencode({"agreement.knows": SCRIPT, "about.her_words": SCRIPT, "contact.name": SCRIPT})
    again = send(world, Probe("POST", "/t/north/fr/refer", FORM, typed.encode()))
    assert again.status == 422
    assert "<script>alert" not in again.text
    looked = send(world, Probe("POST", "/t/north/fr/receipt", FORM, urlencode({"receipt": SCRIPT}).encode()))
    assert looked.status == 404
    assert "<script>alert" not in looked.text


def test_the_same_name_twice_never_mixes_two_answers(world: World, answers: dict[str, Any]) -> None:
    whole = json.dumps(answers)
    twice = f'{{"answers": {{}}, "answers": {whole}, "language": "en", "language": "fr"}}'.encode()
    answer = send(world, Probe("POST", REFER, JSON, twice))
    assert answer.status in (201, 400, 422), answer.text
    age = whole.replace('"age": 17', '"age": 200, "age": -4').encode()
    check_refusal(send(world, Probe("POST", REFER, JSON, b'{"language": "fr", "answers": ' + age + b"}")))


FORMS: Final[dict[str, bytes]] = {
    "nothing": b"",
    "5,000 fields": "&".join(f"about.needs={n}" for n in range(5_000)).encode(),
    "5,000 names": "&".join(f"q{n}.a.b.c=1" for n in range(5_000)).encode(),
    "30,000 fields": b"&".join([b"a=1"] * 30_000),
    "deep names": urlencode({".".join(["about"] * 2_000): "1"}).encode(),
    "high numbers": urlencode({"household[99999999999999999999].age": "1", "household[99999].age": "1"}).encode(),
    "a name of a megabyte": b"a" * 1_000_000 + b"=1",
    "a value of a megabyte": b"about.her_words=" + b"x" * 1_000_000,
    "three megabytes": b"about.her_words=" + b"x" * 3_000_000,
    "NUL": b"about.her_words=%00&contact.name=a%00b",
    "invalid escapes": b"about.her_words=%zz%&%=%",
    "invalid UTF-8": b"about.her_words=%ff%fe",
    "a surrogate": b"about.her_words=%ed%a0%80",
    "raw bytes": b"about.her_words=\xff\xfe\x00",
    "no equals": b"about.her_words",
    "equals only": b"=" * 10_000,
    "ampersands only": b"&" * 10_000,
    "the same twice": b"agreement.knows=yes&agreement.knows=no",
    "a group as an answer": b"about=x&about.age=3&about.age.age=4",
    "names of python": urlencode({"__class__": "x", "about.__init__": "y", "constructor.prototype": "z"}).encode(),
    "an unknown version": b"_version=0&agreement.knows=yes",
    "a room more for nothing": b"_add=about.nothing.at.all",
    "a room more for a text": b"_add=about.her_words&about.her_words=x",
    "a long key": b"_once=" + b"k" * 10_000,
    "a key with NUL": b"_once=%00",
    "JSON": b'{"answers": {}}',
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("path", ["fr/refer", "en/receipt", "fr/receipt/withdraw", "en/sign-in"])
def test_a_page_survives_whatever_is_posted_to_it(
    world: World, database: psycopg.Connection[Any], path: str, body: bytes
) -> None:
    """Each page in one of its languages: what is posted is read before any word is chosen."""
    before = stored(database)
    answer = send(world, Probe("POST", f"/t/north/{path}", FORM, body), client=f"192.0.2.{len(body) % 200}")
    assert answer.status in (200, 400, 404, 409, 413, 422, 429), answer
    assert answer.header("content-type") == "text/html; charset=utf-8"
    assert "Traceback" not in answer.text
    assert stored(database) == before


KINDS: Final = (
    "",
    "text/plain",
    "text/html",
    "application/xml",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "application/msgpack",
    "application/x-msgpack",
    "application/json; charset=utf-16",
    "application/json; charset=nothing",
    "application/json;" + "x" * 5_000,
    "é",
    ";;;",
    "application/problem+json",
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_of_another_kind_is_refused_or_read_as_what_it_is(
    world: World, answers: dict[str, Any], kind: str
) -> None:
    body = msgspec.json.encode({"answers": answers, "language": "fr"})
    headers = (("content-type", kind),) if kind else ()
    for target in (REFER, "/t/north/fr/refer", "/t/north/fr/sign-in", "/t/north/api/receipts"):
        answer = send(world, Probe("POST", target, headers, body))
        assert answer.status in (200, 201, 400, 404, 413, 415, 422, 429), (target, answer)


HEADERS: Final[tuple[tuple[str, str], ...]] = (
    ("accept-language", "fr;q=nan, en;q=inf, *;q=-1"),
    ("accept-language", "x" * 20_000),
    ("accept-language", ",".join(["fr;q=0.1"] * 5_000)),
    ("accept-language", "é\x00ü"),
    ("accept", "application/msgpack"),
    ("accept-encoding", "nothing;q=2"),
    ("authorization", "Bearer"),
    ("authorization", "Bearer " + "x" * 50_000),
    ("authorization", "Bearer sph_" + "é" * 43),
    ("authorization", "Bearer sph_" + "\x00" * 43),
    ("authorization", "Basic eDp5"),
    ("authorization", "Bearer sph_" + "' OR 1=1 --".ljust(43)),
    ("cookie", "spheres_north=" + "x" * 43),
    ("cookie", "spheres_north=" + "\x00" * 43),
    ("cookie", "=" * 5_000),
    ("cookie", "; ".join(f"a{n}=1" for n in range(2_000))),
    ("origin", "null"),
    ("origin", "http://["),
    ("origin", "https://elsewhere.example"),
    ("sec-fetch-site", "cross-site"),
    ("host", ""),
    ("host", "["),
    ("host", "x" * 10_000),
    ("host", "localhost\x00"),
    ("x-forwarded-for", "'; DROP TABLE tenants; --"),
    ("x-forwarded-host", "elsewhere.example"),
    ("content-length", "-1"),
    ("content-length", "x"),
    ("content-length", "99999999999999999999"),
    ("x-http-method-override", "DELETE"),
    ("idempotency-key", "k" * 201),
    ("idempotency-key", "k" * 100_000),
    ("idempotency-key", "\x00"),
    ("idempotency-key", "é\xff"),
    ("idempotency-key", "'; DROP TABLE idempotency_answers; --"),
    ("x-csrf-token", "\x00é"),
    ("range", "bytes=0-99999999999"),
    ("if-none-match", "*"),
    ("if-modified-since", "never"),
    ("expect", "100-continue"),
    ("upgrade", "websocket"),
)


@pytest.mark.parametrize("header", HEADERS, ids=lambda h: f"{h[0]} {h[1][:20]!r}")
def test_absurd_headers_are_survived(world: World, answers: dict[str, Any], header: tuple[str, str]) -> None:
    body = msgspec.json.encode({"answers": answers, "language": "fr"})
    probes = [
        Probe("POST", REFER, (*JSON, header), body),
        Probe("GET", "/t/north/fr/refer", (header,)),
        Probe("GET", REFER, (header,)),
        Probe("GET", "/t/north/fr/referrals", (header,)),
        Probe("POST", "/t/north/fr/sign-in", (*FORM, header), b"email=x&password=y"),
        Probe("GET", "/fr/refer", (header,)),
        Probe("GET", "/health", (header,)),
        Probe("GET", "/static/site/app.css", (header,)),
    ]
    for probe in probes:
        answer = send(world, probe, client="192.0.2.250")
        assert answer.status < 500, (probe, answer)


CURSORS: Final = (
    "x",
    "=",
    "====",
    "A" * 43,
    "A" * 10_000,
    "é",
    "\x00",
    "../..",
    "' OR 1=1",
    "AAAA====",
    "-" * 22,
    "😀",
)


@pytest.mark.parametrize("cursor", CURSORS)
def test_a_cursor_that_no_list_gave_is_refused_and_named(
    world: World, token: tuple[tuple[str, str], ...], cursor: str
) -> None:
    subject = "0199a0de-0000-7000-8000-000000000000"
    for target in (
        f"{REFER}?{urlencode({'cursor': cursor})}",
        f"/t/north/api/trail?{urlencode({'subject': subject, 'cursor': cursor})}",
    ):
        document = check_refusal(send(world, Probe("GET", target, token)), target)
        assert document["code"] == "cursor_invalid"


PATHS: Final = (
    "%00", "a%00b", "%ff", "%ed%a0%80", "%c0%ae%c0%ae", "..%2f..%2fetc%2fpasswd", "%2e%2e", "%2f", "%5c", "%0a",
    "%0d%0aset-cookie:x=1", "x" * 5_000, "é", "%F0%9F%98%80", "%", "%zz", "'--", "{slug}", "*", "~", ";a=b",
    "0199a0de-0000-7000-8000-00000000000",
)  # fmt: skip
PLACES: Final = (
    "/{}",
    "/t/{}",
    "/t/{}/fr/",
    "/t/north/{}",
    "/t/north/{}/refer",
    "/t/north/fr/{}",
    "/t/north/fr/referrals/{}",
    "/t/north/api/{}",
    "/t/north/api/forms/{}",
    "/t/north/api/referrals/{}",
    "/t/north/api/referrals/{}/transitions",
    "/t/north/api/x/{}",
    "/t/north/api/partners?on={}",
    "/t/north/api/partners?{}",
    "/t/north/api/emergency-contacts?area={}",
    "/t/north/api/trail?subject={}",
    "/t/north/api/referrals?state={}",
    "/t/north/api/referrals?need={}&language={}",
    "/t/north/fr/referrals?state={}",
    "/t/north/fr/referrals?need={}",
    "/t/north/fr/sign-in?next={}",
    "/static/{}",
    "/static/site/{}",
    "/static/site/app.css?v={}",
)


@pytest.mark.parametrize("place", PLACES)
def test_odd_addresses_are_answered_clearly(world: World, token: tuple[tuple[str, str], ...], place: str) -> None:
    """Each is read by who may read what is there, and posted to by nobody whom we know."""
    for odd in PATHS:
        target = place.replace("{}", odd)
        for method, headers in (("GET", token), ("POST", ())):
            answer = send(world, Probe(method, target, headers))
            assert answer.status < 500, (method, target, answer)
            assert "etc/passwd" not in answer.text or "root:" not in answer.text
            assert answer.header("set-cookie") == ""


# ---- generated -----------------------------------------------------------------------------------------------------

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
_generated = settings(
    max_examples=examples(150),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@_generated
@given(value=_json, data=st.data())
def test_any_json_at_any_place_of_the_answers_is_received_or_refused_clearly(
    world: World, answers: dict[str, Any], value: Any, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(list(leaves(answers))))
    body = json.dumps({"answers": replaced(answers, path, value), "language": "fr"}).encode()
    answer = send(world, Probe("POST", REFER, JSON, body))
    if answer.status != 201:
        check_refusal(answer, body)


@_generated
@given(
    body=st.binary(max_size=300), kind=st.sampled_from(["application/json", "application/x-www-form-urlencoded", "x/y"])
)
def test_any_bytes_are_refused_clearly(world: World, body: bytes, kind: str) -> None:
    for target in (REFER, "/t/south/api/receipts"):
        check_refusal(send(world, Probe("POST", target, (("content-type", kind),), body)), body)
    page = send(world, Probe("POST", "/t/south/en/refer", (("content-type", kind),), body))
    assert page.status in (400, 409, 415, 422), page


@_generated
@given(
    path=st.text(st.characters(exclude_characters="?#", max_codepoint=0x3FF), max_size=40), query=st.text(max_size=30)
)
def test_any_address_is_answered_clearly(world: World, path: str, query: str) -> None:
    for start in ("/", "/t/", "/t/north/", "/t/north/fr/", "/t/south/api/"):
        target = start + quote(path, safe="/.;") + "?" + quote(query, safe="=&")
        answer = send(world, Probe("GET", target))
        assert answer.status < 500, (target, answer)
