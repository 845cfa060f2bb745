"""No tenant sees another's data, nor whether it is there: probes over every route, with row-level security and without.

Each probe is sent twice: once with something that belongs to another tenant (an id, a receipt, a cursor, a token, a
cookie, an address), once with something of the same shape that belongs to nobody. The two answers must be the same.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import string
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import msgspec
import psycopg
import pytest
from litestar.routes import HTTPRoute
from psycopg.types.json import Jsonb

from spheres_core.foundation.content.readable_codes import ALPHABET
from spheres_core.foundation.database.statements import OwnTenant, Statement
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.tenancy.context import Context
from spheres_core.inquiries import operations as inquiries
from spheres_core.inquiries.schemas import InquiryPosted
from spheres_core.staff import access_secrets
from spheres_core.staff.operations import accounts, invitations, recoveries, sign_in
from spheres_core.staff.queries.sessions import account_mark
from spheres_core.staff.schemas import ROLES, InvitationPosted
from spheres_core.testing import World, definition, world_maker
from tests.examples import examples
from tests.journeys.wire import Answer, Probe, send

NOW: Final = dt.datetime(2026, 11, 21, 15, 0, tzinfo=dt.UTC)
ROUNDS: Final = examples(9, least=3)
"""How often a route is read whose address names something; one that is written to is asked once less, and a third as
often one whose address names nothing: what it lists is looked through as well as by three."""
IN_CONTROLS: Final = 900
TURNS: Final = 12
"""Ways in which a caller may come: each round over the routes has all of them, and a route another one each round."""
STEP: Final = 5
"""From one way to the next of a route: neighbours begin at others, so that routes of each sort are asked in all."""
ABROAD: Final = 9
"""Of the ways in which a caller may come, the one in which he is at the other tenant's own address."""
VICTIMS: Final = ("south", "twin")
"""South has plugins of its own; twin has the very plugins of north, and so shares its app, forms and languages."""
PASSWORD: Final = "a quiet harbour in november"
_ID: Final = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
_VOLATILE: Final = re.compile(
    r"(?P<once>(?<=name=\"_once\" value=\")[A-Za-z0-9_-]{24})|(?P<receipt>\b[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}\b)"
    r"|(?P<receipt_read_aloud>(?:<span>[A-Z0-9]{4}</span>){3})"
    r"|(?P<own_code>\b[A-Z0-9]{3}(?:-[A-Z0-9]{3}){3}\b)|(?P<own_code_read_aloud>(?:<span>[A-Z0-9]{3}</span>){4})"
    r"|(?P<cookie>(?<==)[A-Za-z0-9_-]{43}\b)|(?P<cursor>[A-Za-z0-9_-]{43,44}(?=\"))|(?P<incident>\b[0-9a-f]{12}\b)"
)
_WAY_BACK: Final = re.compile(r"(?<=[?&]next=)[A-Za-z0-9_-]{40,}|(?<=name=\"next\" value=\")[A-Za-z0-9_-]{40,}")
"""The address that is opened after signing in; sealed, so that it is new each time."""


class Owned:
    """Everything a tenant has that another must not see; and for each thing a twin of its shape that nobody has."""

    def __init__(self, slug: str, chance: random.Random) -> None:
        self.slug = slug
        self._chance = chance
        self.canaries: set[str] = set()
        self.published: set[str] = set()
        """What its own public pages say to everybody."""
        self.ids: set[str] = set()
        self.things: dict[str, list[str]] = {}
        self.csrf: dict[str, str] = {}
        """By session cookie."""
        self._twins: dict[str, str] = {}

    def canary(self) -> str:
        """A new word that stands nowhere else."""
        word = "kanari" + "".join(self._chance.choices(string.ascii_lowercase, k=12))
        self.canaries.add(word)
        return word

    def has(self, kind: str, *things: str) -> None:
        """Note what could be guessed, stolen or overheard."""
        self.things.setdefault(kind, []).extend(things)
        if kind == "id":
            self.ids.update(things)

    def pick(self, kind: str) -> tuple[str, str]:
        """One of this tenant's, and its twin."""
        thing = self._chance.choice(self.things[kind])
        if thing not in self._twins:
            self._twins[thing] = self.twin(kind, thing)
        return thing, self._twins[thing]

    def twin(self, kind: str, thing: str) -> str:
        """Something of the same shape that nobody has."""
        if kind == "id":
            return str(UUID(int=self._chance.getrandbits(128), version=4))
        if kind == "receipt":
            return "-".join("".join(self._chance.choices(ALPHABET, k=4)) for _ in range(3))
        start = len("sph_") if kind == "token" else 0
        changed = [self._other(c) for c in thing[start:]]
        return thing[:start] + "".join(changed)

    def _other(self, c: str) -> str:
        for letters in (string.ascii_lowercase, string.ascii_uppercase, string.digits):
            if c in letters:
                return self._chance.choice(letters)
        return c


class Region:
    """Three tenants in one process; `north` is where the probes come from."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance = random.Random(20261121)
        self.owned = {slug: Owned(slug, self.chance) for slug in ("north", *VICTIMS)}
        for slug in self.owned:
            self._furnish(slug)
        self.routes = sorted(_routes(world, "north"))
        self.order = [
            (times, place)
            for times in range(ROUNDS)
            for place, (method, path) in enumerate(self.routes)
            if times < _rounds(method, path)
        ]
        """Which route is asked for the how many-th time."""
        self.turn = 0

    def _furnish(self, slug: str) -> None:
        world, owned = self.world, self.owned[slug]
        world.loaded(slug)
        owned.has("slug", slug)
        owned.has("email", f"{owned.canary()}@example.org")
        tokens = {name: world.bearer(slug, *roles)["Authorization"] for name, roles in _ROLES_OF.items()}
        owned.has("token", *(text.removeprefix("Bearer ") for text in tokens.values()))
        owned.has("invitation", *(world.act(slug, self._invite(owned)) for _ in range(2)))
        owned.has("cookie", *(world.act(slug, self._staff(owned, number)) for number in range(2)))
        owned.has("recovery", world.act(slug, self._recover(owned)))
        owned.has("id", *(world.act(slug, self._inquire(owned)) for _ in range(2)))
        for number in range(9):
            self._refer(slug, owned, tokens["coordinator"], number)
        self._name_partners(slug, owned)
        found = world.get(f"/t/{slug}/api/referrals", headers={"Authorization": tokens["coordinator"]})
        owned.has("id", *(each["id"] for each in found.json()["items"]))
        owned.has("cursor", world.act(slug, _cursor(found.json()["items"][3]["id"])))
        owned.has("word", *sorted(owned.canaries))

    def _staff(self, owned: Owned, number: int) -> Callable[[Context], Any]:
        email = owned.things["email"][0] if number == 0 else f"{owned.canary()}@example.org"

        async def add_and_sign_in(ctx: Context) -> str:
            id = await accounts.create_account(
                ctx, email, name=owned.canary().title(), roles=list(ROLES), password=PASSWORD
            )
            owned.has("id", str(id))
            cookie = await sign_in.sign_in(ctx, email, PASSWORD)
            owned.csrf[cookie] = access_secrets.csrf_token(cookie, account_mark(ctx, id))
            return cookie

        return add_and_sign_in

    def _inquire(self, owned: Owned) -> Callable[[Context], Any]:
        async def asking(ctx: Context) -> str:
            asked = {name: owned.canary() for name in ("organization", "region", "name", "message")}
            asked["phone"] = f"450-555-0101 ({owned.canary()})"
            await inquiries.send_inquiry(ctx, InquiryPosted(**asked))
            return str((await ctx.db.sql("SELECT id FROM inquiries ORDER BY id DESC"))[0][0])

        return asking

    def _invite(self, owned: Owned) -> Callable[[Context], Any]:
        async def inviting(ctx: Context) -> str:
            email, name = f"{owned.canary()}@example.org", owned.canary().title()
            made = await invitations.invite(ctx, InvitationPosted(email, name, ("liaison",), "fr"))
            owned.has("id", str(made.id))
            return str(made.link).rpartition("/")[2]

        return inviting

    def _recover(self, owned: Owned) -> Callable[[Context], Any]:
        async def recovering(ctx: Context) -> str:
            email, name = f"{owned.canary()}@example.org", owned.canary().title()
            id = await accounts.create_account(ctx, email, name=name, roles=["liaison"], password=PASSWORD)
            owned.has("id", str(id))
            return str((await recoveries.issue_recovery(ctx, id)).link).rpartition("#")[2]

        return recovering

    def _refer(self, slug: str, owned: Owned, token: str, number: int) -> None:
        answers = self.world.example_answers(slug)
        _fill(answers, owned)
        key = f"key-{owned.canary()}"
        headers = {"Idempotency-Key": key}
        body = {"answers": answers, "language": "fr"}
        sent = self.world.post(f"/t/{slug}/api/referrals", json=body, headers=headers)
        assert sent.status_code == 201, sent.text
        owned.has("receipt", sent.json()["receipt"])
        owned.has("key", key)
        if number % 3:
            return
        newest = self.world.get(f"/t/{slug}/api/referrals", headers={"Authorization": token}).json()["items"][0]
        for step in ("in_review", "redirected"):
            move = {"to": step, "reason": owned.canary()}
            path = f"/t/{slug}/api/referrals/{newest['id']}/transitions"
            assert self.world.post(path, json=move, headers={"Authorization": token}).status_code == 200

    def _name_partners(self, slug: str, owned: Owned) -> None:
        """Give the tenant's directory and terms words of its own, in the clear."""
        tenant = self.world.loaded(slug).tenant.id
        with psycopg.connect(self.world.urls.needed("owner")) as db:
            for table in ("organizations", "service_areas", "contact_points", "emergency_contacts"):
                rows = db.execute(f"SELECT id, content FROM {table} WHERE tenant_id = %s", [tenant]).fetchall()
                for id, content in rows:
                    owned.has("id", str(id))
                    word = owned.canary()
                    owned.published |= {word, str(id)}
                    named = next((each for each in ("name", "label", "purpose", "note") if each in content), "name")
                    content[named] = {"fr": word, "en": word}
                    db.execute(
                        f"UPDATE {table} SET content = %s WHERE tenant_id = %s AND id = %s",
                        [Jsonb(content), tenant, id],
                    )
            (entries,) = zip(*db.execute("SELECT id FROM trail_entries WHERE tenant_id = %s", [tenant]), strict=True)
            owned.has("id", *map(str, entries))

    # ---- one probe -------------------------------------------------------------------------------------------------

    def pair(self, number: int) -> tuple[Probe, Probe, list[str]]:
        """A request with something of another tenant's, its twin, and the values that both were given."""
        victim = self.owned[self.chance.choice(VICTIMS)]
        times, place_of_route = self.order[number % len(self.order)]
        method, path = self.routes[place_of_route]
        turn = self.turn = (place_of_route + STEP * times) % TURNS
        drawn: list[tuple[str, str]] = []

        def draw(kind: str) -> tuple[str, str]:
            values = victim.pick(kind)
            if turn == ABROAD:  # there, a receipt or a password is its owner's to use; only our token is foreign
                opens = kind not in ("id", "word", "slug")
                values = (victim.twin(kind, values[0]), values[1]) if opens else (values[0],) * 2
            drawn.append(values)
            return values

        place = self._place(path, draw)
        start, headers = self._caller(turn, draw)
        query = self._query(draw)
        kind, body = self._body(method, path, draw)
        probes = []
        for side in (0, 1):
            given = [(name, value[side]) for name, value in (*headers, *kind)]
            target = start[side] + place[side] + (f"?{urlencode([(n, v[side]) for n, v in query])}" if query else "")
            probes.append(Probe(method, target, tuple(given), body[side]))
        return probes[0], probes[1], [value for values in drawn for value in values]

    def _place(self, path: str, draw: Callable[[str], tuple[str, str]]) -> tuple[str, str]:
        sides = [path, path]
        for name in re.findall(r"\{(\w+):\w+\}", path):
            if name == "language":
                values = (self.chance.choice(("fr", "en")),) * 2
            elif name == "kind" and self.chance.random() < 0.7:
                values = (self.chance.choice(KINDS_IN_ADDRESSES),) * 2
            else:
                values = draw({"id": "id", "secret": "invitation"}.get(name, "word"))
                if name == "key" and path != RETIREMENT and self.chance.random() < 0.5:
                    values = ("referral", "referral")
            sides = [re.sub(rf"\{{{name}:\w+\}}", value, side) for side, value in zip(sides, values, strict=True)]
        return sides[0], sides[1]

    def _caller(self, turn: int, draw: Callable[[str], tuple[str, str]]) -> tuple[tuple[str, str], list[Any]]:
        """Where the address begins, and who asks with what: ours, theirs, ours abroad, odd addresses."""
        ours = self.owned["north"]
        token, cookie = self.chance.choice(ours.things["token"]), self.chance.choice(ours.things["cookie"])
        bearer = ("authorization", (f"Bearer {token}",) * 2)
        home = ("/t/north", "/t/north")
        if turn <= 3:
            return home, [("authorization", (f"Bearer {ours.things['token'][turn % 3]}",) * 2)]
        if turn == 4:
            csrf = ours.csrf[cookie]
            return home, [("cookie", (f"spheres_north={cookie}",) * 2), ("x-csrf-token", (csrf,) * 2)]
        if turn == 5:
            return home, []
        if turn == 6:
            theirs = draw("token")
            return home, [("authorization", (f"Bearer {theirs[0]}", f"Bearer {theirs[1]}"))]
        if turn == 7:
            theirs, slug = draw("cookie"), draw("slug")
            names = [f"spheres_north={each}; spheres_{slug[0]}={each}" for each in theirs]
            return home, [
                ("cookie", (names[0], names[1])),
                (
                    "x-csrf-token",
                    tuple(each.csrf[theirs[0]] for each in self.owned.values() if theirs[0] in each.csrf) * 2,
                ),
            ]
        if turn == 8:
            slug = draw("slug")
            hosts = tuple(f"{each}.example" for each in slug)
            spoofed = [
                ("host", ("localhost",) * 2),
                ("x-forwarded-host", hosts),
                ("forwarded", tuple(f"host={h}" for h in hosts)),
            ]
            return home, [bearer, *(spoofed if self.chance.random() < 0.5 else [("host", hosts)])]
        if turn == ABROAD:
            return self._abroad(draw, token)
        return self._odd_address(draw), [bearer]

    def _abroad(self, draw: Callable[[str], tuple[str, str]], token: str) -> tuple[tuple[str, str], list[Any]]:
        """Our own good token at another tenant is to it like a token that nobody has."""
        slug = draw("slug")[0]
        stranger = token[:4] + "".join(self.owned["north"]._other(c) for c in token[4:])
        headers: list[Any] = [("authorization", (f"Bearer {token}", f"Bearer {stranger}"))]
        if self.chance.random() < 0.5:
            return ("", ""), [("host", (f"{slug}.example",) * 2), *headers]
        return (f"/t/{slug}",) * 2, headers

    def _odd_address(self, draw: Callable[[str], tuple[str, str]]) -> tuple[str, str]:
        """Addresses that may confuse which tenant is meant. None of them leads anywhere."""
        theirs, absent = draw("slug")
        shape = self.chance.choice(
            (
                "/t/north/../{}",
                "/t/north/%2e%2e/{}",
                "/t/north%2f..%2f{}",
                "/t/north/..%2f{}",
                "/t/{}%2f..%2fnorth",
                "/junk/t/{}",
                "//t/{}",
                "/t//{}",
                "/t/{}%00",
                "/t/{};north",
                "/t/{}%20",
                "/t/north/t/{}",
                "/T/{}",
                "/t/{}%2e",
                "/t/north\\..\\{}",
                "/t/north%5c..%5c{}",
                "/./t/{}/..",
                "/t/north/fr/../../{}",
                "/t/%2f{}",
                "/t/north/%2e/{}",
            )
        )
        if self.chance.random() < 0.2:
            return f"/t/{theirs.upper()}", f"/t/{absent.upper()}"
        return shape.format(theirs), shape.format(absent)

    def _query(self, draw: Callable[[str], tuple[str, str]]) -> list[tuple[str, tuple[str, str]]]:
        asked: list[tuple[str, tuple[str, str]]] = []
        for name, kind in _QUERIES.items():
            if self.chance.random() < (0.9 if name == "subject" else 0.15):
                values = draw(kind)
                asked.append((name, (f"/t/{values[0]}/fr/", f"/t/{values[1]}/fr/") if name == "next" else values))
        return asked

    def _body(
        self, method: str, path: str, draw: Callable[[str], tuple[str, str]]
    ) -> tuple[list[Any], tuple[bytes, bytes]]:
        if method != "POST":
            return [], (b"", b"")
        make = BODIES.get(path, _of_json(id="id", word="word"))
        return make(self, draw)


RETIREMENT: Final = "/api/admin/forms/{key:str}/retirement"
"""Whoever may retire our form does: the probes after it would have none to answer."""


def _referral(region: Region, draw: Callable[[str], tuple[str, str]]) -> tuple[list[Any], tuple[bytes, bytes]]:
    """A whole referral with another tenant's words and idempotency key, or one that breaks where its words stand."""
    word, key = draw("word"), draw("key")
    sides = []
    for side in (0, 1):
        answers = region.world.example_answers("north")
        answers["contact"]["care"] = word[side]  # our own list would show a name
        if word[0] == word[1] or key[0] == key[1] or region.turn % 3 == 2:
            answers[word[side]] = word[side]
        sides.append(msgspec.json.encode({"answers": answers, "language": "fr"}))
    return [("content-type", ("application/json",) * 2), ("idempotency-key", key)], (sides[0], sides[1])


def _advice(region: Region, draw: Callable[[str], tuple[str, str]]) -> tuple[list[Any], tuple[bytes, bytes]]:
    """A request for advice with another tenant's word for the name of a question, and its idempotency key: the desk
    would read what is sent as an answer."""
    word, key = draw("word"), draw("key")
    sides = [msgspec.json.encode({"answers": {each: "?"}, "language": "fr", "confirmed": True}) for each in word]
    return [("content-type", ("application/json",) * 2), ("idempotency-key", key)], (sides[0], sides[1])


def _tool(
    more: dict[str, Any], region: Region, draw: Callable[[str], tuple[str, str]]
) -> tuple[list[Any], tuple[bytes, bytes]]:
    """A tool with another tenant's word for a theme, of which there is none: the library would show what is sent."""
    said = {"title": {"fr": "?"}, "summary": {"fr": "?"}, "text": {"fr": "?"}}
    sides = [msgspec.json.encode(more | {"tool": said | {"themes": [each]}}) for each in draw("word")]
    return [("content-type", ("application/json",) * 2)], (sides[0], sides[1])


def _entourage(region: Region, draw: Callable[[str], tuple[str, str]]) -> tuple[list[Any], tuple[bytes, bytes]]:
    """A close person asks with another tenant's idempotency key, and gives no number: anybody may ask anywhere, so that
    it would be kept at the other tenant's own address."""
    key = draw("key")
    body = msgspec.json.encode({"ask": "Une chambre", "reach": {"way": "call"}, "language": "fr"})
    return [("content-type", ("application/json",) * 2), ("idempotency-key", key)], (body, body)


def _own_reach(region: Region, draw: Callable[[str], tuple[str, str]]) -> tuple[list[Any], tuple[bytes, bytes]]:
    sides = [msgspec.json.encode({"code": each, "reach": _HERE_ONLY}) for each in draw("receipt")]
    return [("content-type", ("application/json",) * 2)], (sides[0], sides[1])


def _emergency_plan(region: Region, draw: Callable[[str], tuple[str, str]]) -> tuple[list[Any], tuple[bytes, bytes]]:
    word = draw("word")
    sides = [msgspec.json.encode({"version": 0, "sections": {"helps": each}, "language": "fr-CA"}) for each in word]
    return [("content-type", ("application/json",) * 2)], (sides[0], sides[1])


def _invitation(region: Region, draw: Callable[[str], tuple[str, str]]) -> tuple[list[Any], tuple[bytes, bytes]]:
    """Somebody of another tenant's staff, or somebody whom nobody knows, is invited here, into a role there is not:
    else our own list would show what was typed into it."""
    email, role = draw("email"), draw("word")
    sides = [
        {"email": each, "name": "Sam", "roles": [one], "language": "fr"} for each, one in zip(email, role, strict=True)
    ]
    return [("content-type", ("application/json",) * 2)], (msgspec.json.encode(sides[0]), msgspec.json.encode(sides[1]))


def _of_json(**kinds: Any) -> Callable[..., Any]:
    def make(region: Region, draw: Callable[[str], tuple[str, str]]) -> tuple[list[Any], tuple[bytes, bytes]]:
        drawn = {
            name: draw(kind) if isinstance(kind, str) and kind in _KINDS else (kind, kind)
            for name, kind in kinds.items()
        }
        one, other = (msgspec.json.encode({name: values[side] for name, values in drawn.items()}) for side in (0, 1))
        return [("content-type", ("application/json",) * 2)], (one, other)

    return make


def _of_page(**kinds: str) -> Callable[..., Any]:
    def make(region: Region, draw: Callable[[str], tuple[str, str]]) -> tuple[list[Any], tuple[bytes, bytes]]:
        drawn = {name: draw(kind) if kind in _KINDS else (kind, kind) for name, kind in kinds.items()}
        one, other = (urlencode({name: values[side] for name, values in drawn.items()}).encode() for side in (0, 1))
        return [("content-type", ("application/x-www-form-urlencoded",) * 2)], (one, other)

    return make


_KINDS: Final = frozenset(
    {"id", "receipt", "word", "email", "token", "cookie", "key", "cursor", "slug", "invitation", "recovery"}
)
GUARDED: Final = (
    "referrals", "referral_moves", "idempotency_answers", "referral_questions", "referral_filters", "staff_sessions",
    "staff",
)  # fmt: skip
"""Tables of which no probe may change another tenant's rows."""
_QUERIES: Final = {
    "subject": "id", "cursor": "cursor", "state": "word", "language": "word", "need": "word", "on": "word",
    "area": "word", "next": "slug", "assignee": "id", "sort": "word", "done": "word",
    "draft": "id", "theme": "word", "principle": "word", "section": "word", "about": "id",
    "staff": "id", "part": "word", "kind": "word",
}  # fmt: skip
KINDS_IN_ADDRESSES: Final = ("organizations", "services", "organization", "referral")
"""Kinds of entries and of records; any other word leads nowhere."""
_ROLES_OF: Final = {"coordinator": ("coordinator",), "administrator": ("administrator",), "all": tuple(ROLES)}
_HERE_ONLY: Final = {"way": "only_here"}
_HERE_ONLY_ON_PAGE: Final = {"reach.way": "only_here"}
_ENCOUNTER_ON_PAGE: Final = {"state": "held", "kind": "phone", "day": "2026-11-21", "time": "9:00"}
_ENCOUNTER: Final = {"state": "held", "kind": "phone", "at": "2026-11-20T10:00:00-05:00", "note": "word"}
_OUTING: Final = {"activity": "museum", "at": "2027-01-05T10:00:00-05:00", "place": "Au coin", "seats": 3}
_OUTING_ON_PAGE: Final = {"day": "2027-01-05", "time": "10:00", "place": "Au coin", "seats": "3"}
_ACCOMPANIMENT: Final = {"kind": "court", "state": "held", "at": "2026-11-20T10:00:00-05:00", "what": "word"}
_DECISION: Final = {
    "decision": "not_reported", "recipient": "other", "told": "before", "decided_on": "2026-11-20", "reason": "word",
}  # fmt: skip
_WORKSHOP: Final = {
    "kind": "outreach", "setting": "online", "on": "2026-11-20", "language": "fr-CA", "words": "Un atelier",
}  # fmt: skip
_TRAINING: Final = {"part": "taken", "words": "Une formation", "on": "2026-11-20"}
_INCIDENT: Final = {"kind": "other", "found_on": "2026-11-20", "happened": "word"}
BODIES: Final[dict[str, Callable[..., Any]]] = {
    "/api/referrals": _referral,
    "/api/receipts": _of_json(receipt="receipt"),
    "/api/receipts/withdraw": _of_json(receipt="receipt"),
    "/api/receipts/answer": _of_json(receipt="receipt", question="id", answer="word"),
    "/api/referrals/search": _of_json(text="word"),
    "/api/referrals/attachments": _of_json(word="word"),
    "/api/referrals/export": _of_json(purpose="quality", form="word", file="csv"),
    "/api/referrals/{id:uuid}/questions": _of_json(question="word"),
    "/api/referrals/{id:uuid}/assignee": _of_json(assignee="id"),
    "/api/referrals/{id:uuid}/transitions": _of_json(to="in_review", reason="word"),
    "/api/referrals/{id:uuid}/participation": _of_json(participant="word", pivot="id"),
    "/api/participants/{participant:str}/consents": _of_json(
        kind="care", given_on="2026-11-21", how="spoken", giver="herself", words="word"
    ),
    "/api/participants/{participant:str}/consents/{id:uuid}/withdraw": _of_json(line="id"),
    "/api/participants/{participant:str}/consents/{id:uuid}/agree": _of_json(
        giver="parent", given_on="2026-11-21", how="spoken", age=13
    ),
    "/api/participants/{participant:str}/exclusions": _of_json(kind="refusal", staff="id", reason="word"),
    "/api/participants/{participant:str}/exclusions/{id:uuid}/end": _of_json(confirm="yes"),
    "/api/participants/{participant:str}/limits": _of_json(text_version="word"),
    "/api/participants/{participant:str}/participations/steps": _of_json(to="paused", version=1, note="word"),
    "/api/participants/{participant:str}/presence": _of_json(section="goals", about="id"),
    "/api/participants/{participant:str}/assignments": _of_json(staff="id"),
    "/api/participants/{participant:str}/assignments/{id:uuid}/end": _of_json(confirm="yes"),
    "/api/participants/{participant:str}/encounters": _of_json(**_ENCOUNTER),
    "/api/participants/{participant:str}/encounters/{id:uuid}": _of_json(**_ENCOUNTER, version=1),
    "/api/participants/{participant:str}/encounters/{id:uuid}/addenda": _of_json(text="word"),
    "/api/participants/{participant:str}/accompaniments": _of_json(**_ACCOMPANIMENT),
    "/api/participants/{participant:str}/accompaniments/{id:uuid}": _of_json(**_ACCOMPANIMENT, version=1),
    "/api/activities": _of_json(**_OUTING),
    "/api/activities/{id:uuid}": _of_json(**_OUTING, version=1, state="planned"),
    "/api/activities/{id:uuid}/attendance": _of_json(came="word"),
    "/api/activities/{id:uuid}/budget": _of_json(version=1, planned_cents=100),
    "/api/participants/{participant:str}/activities": _of_json(outing="id", how="encounter"),
    "/api/participants/{participant:str}/activities/{id:uuid}": _of_json(version=1, answer="yes", felt="word"),
    "/api/participants/{participant:str}/activities/{id:uuid}/strengths": _of_json(what="word", identified_by="both"),
    "/api/participants/{participant:str}/emergency-plan": _emergency_plan,
    "/api/participants/{participant:str}/emergency-plan/agree": _of_json(version=1),
    "/api/participants/{participant:str}/emergency-plan/not-now": _of_json(ask_again_on="2030-01-05"),
    "/api/participants/{participant:str}/emergency-access": _of_json(reason="Somebody is at the door and asks for it."),
    "/api/emergency-accesses/{id:uuid}/review": _of_json(finding="in_order"),
    "/{language:str}/staff/participants/{participant:str}/emergency-plan/write": _of_page(
        version="0", language="fr-CA", section_helps="word", who_1="word"
    ),
    "/{language:str}/staff/participants/{participant:str}/emergency-plan/agree": _of_page(version="1", on="2026-11-21"),
    "/{language:str}/staff/participants/{participant:str}/emergency-plan/not-now": _of_page(ask_again_on="2030-01-05"),
    "/{language:str}/staff/participants/{participant:str}/emergency-plan/card": _of_page(size="card"),
    "/{language:str}/staff/on-call": _of_page(code="word", reason="Somebody is at the door and asks for it."),
    "/{language:str}/staff/emergency-accesses/{id:uuid}": _of_page(finding="in_order"),
    "/api/advice": _advice,
    "/api/advice/receipts": _of_json(receipt="receipt"),
    "/api/advice/receipts/close": _of_json(receipt="receipt"),
    "/api/advice/receipts/equipped": _of_json(receipt="receipt", equipped=5),
    "/api/advice/receipts/referral": _of_json(receipt="receipt"),
    "/api/advice/{id:uuid}/take": _of_json(version=1),
    "/api/advice/{id:uuid}/answer": _of_json(version=1, how="answer", reply="word"),
    "/api/advice/{id:uuid}/close": _of_json(version=1),
    "/api/advice/{id:uuid}/proposals": _of_json(language="fr", title="word", summary="word", text="word"),
    "/api/tools": partial(_tool, {"code": "listening"}),
    "/api/tools/{tool:str}": partial(_tool, {"version": 1}),
    "/api/tools/{tool:str}/publish": _of_json(version=1),
    "/api/tools/{tool:str}/withdraw": _of_json(version=1),
    "/api/tools/{tool:str}/hide": _of_json(),
    "/api/tools/{tool:str}/show": _of_json(),
    "/api/tool-proposals/{id:uuid}/decline": _of_json(),
    "/api/tool-proposals/{id:uuid}/approve": _of_json(code="key"),
    "/api/incidents": _of_json(**_INCIDENT, confirmed=True),
    "/api/incidents/{id:uuid}": _of_json(version=1, **_INCIDENT, confirmed=True),
    "/api/incidents/{id:uuid}/close": _of_json(version=1),
    "/api/erasure-holds": _of_json(referral="id", reason="word", review_on="2030-01-05", confirmed=True),
    "/api/erasure-holds/{id:uuid}/review": _of_json(version=1, review_on="2030-01-05"),
    "/api/erasure-holds/{id:uuid}/lift": _of_json(version=1),
    "/api/support-sessions": _of_json(kind="individual", theme="other"),
    "/api/support-sessions/{id:uuid}/agree": _of_json(version=1, on="2026-11-20"),
    "/api/support-sessions/{id:uuid}/hold": _of_json(version=1),
    "/api/support-sessions/{id:uuid}/cancel": _of_json(version=1),
    "/api/support-sessions/{id:uuid}/notes": _of_json(version=1, words="word", confirmed=True),
    "/api/workshops": _of_json(**_WORKSHOP),
    "/api/workshops/{id:uuid}": _of_json(version=1, **_WORKSHOP),
    "/api/workshops/{id:uuid}/hold": _of_json(version=1, audience={"close_ones": 9}),
    "/api/workshops/{id:uuid}/cancel": _of_json(version=1),
    "/api/trainings": _of_json(**_TRAINING),
    "/api/trainings/{id:uuid}": _of_json(version=1, **_TRAINING),
    "/api/trainings/{id:uuid}/remove": _of_json(version=1),
    "/api/support-sessions/{id:uuid}/own-part": _of_json(before=3, words="word", confirmed=True),
    "/api/entourage": _entourage,
    "/api/entourage/own": _of_json(code="receipt"),
    "/api/entourage/own/reach": _own_reach,
    "/api/entourage/own/answer": _of_json(code="receipt", offer="id", answer="accepted"),
    "/api/entourage/own/close": _of_json(code="receipt"),
    "/api/entourage/records": _entourage,
    "/api/entourage/records/{id:uuid}/take": _of_json(version=1),
    "/api/entourage/records/{id:uuid}/notes": _of_json(day="2026-11-20", kind="call", words="word", confirmed=True),
    "/api/entourage/records/{id:uuid}/offers": _of_json(kind="group", words="word", confirmed=True),
    "/api/entourage/records/{id:uuid}/offers/{offer:uuid}": _of_json(answer="accepted"),
    "/api/entourage/records/{id:uuid}/close": _of_json(version=1),
    "/api/participants/{participant:str}/portrait": _of_json(name="word"),
    "/{language:str}/staff/participants/{participant:str}/portrait": _of_page(name="word"),
    "/api/participants/{participant:str}/kept-apart": _of_json(participant="word"),
    "/api/participants/{participant:str}/kept-apart/{id:uuid}/end": _of_json(confirm="yes"),
    "/api/participants/{participant:str}/reporting-decisions": _of_json(**_DECISION),
    "/api/participants/{participant:str}/contact-attempts": _of_json(channel="phone", outcome="she_reached_us"),
    "/api/participants/{participant:str}/dates": _of_json(kind="rent", on="2027-01-01", note="word"),
    "/api/participants/{participant:str}/dates/{id:uuid}/end": _of_json(confirm="yes"),
    "/api/participants/{participant:str}/dates/{id:uuid}/offered": _of_json(confirm="yes"),
    "/api/participants/{participant:str}/needs": _of_json(need="safety", identified_by="both", strength="word"),
    "/api/participants/{participant:str}/needs/{id:uuid}": _of_json(
        version=1, state="met", identified_by="both", urgency="urgent", what="word"
    ),
    "/api/participants/{participant:str}/strengths": _of_json(what="word", identified_by="both"),
    "/api/participants/{participant:str}/strengths/{id:uuid}": _of_json(version=1, what="word", identified_by="both"),
    "/api/participants/{participant:str}/goals": _of_json(words="word", proposed_by="herself"),
    "/api/participants/{participant:str}/goals/{id:uuid}": _of_json(version=1, state="active", words="word", hers=True),
    "/api/participants/{participant:str}/goals/{id:uuid}/stages": _of_json(placed_by="both", importance=3, note="word"),
    "/api/participants/{participant:str}/requests": _of_json(service="service", what="word"),
    "/api/participants/{participant:str}/requests/{id:uuid}/answer": _of_json(to="accepted", version=1, words="word"),
    "/api/participants/{participant:str}/service-gaps": _of_json(need="safety", note="word"),
    "/api/committee-seats": _of_json(body="clinical", staff="id", starts="2026-11-20"),
    "/api/committee-seats/{id:uuid}/end": _of_json(on="2026-11-20"),
    "/api/meetings": _of_json(body="clinical", at="2030-11-20T15:00:00Z", place="Au coin"),
    "/api/meetings/{id:uuid}/end": _of_json(to="held", version=1),
    "/api/meetings/{id:uuid}/absences": _of_json(seat="id"),
    "/api/meetings/{id:uuid}/absences/take-back": _of_json(seat="id"),
    "/api/meetings/{id:uuid}/presence": _of_json(confirm="yes"),
    "/api/meetings/{id:uuid}/agenda": _of_json(participant="word", question="word", asked="nothing_to_say"),
    "/api/meetings/{id:uuid}/recuse": _of_json(item=1, staff="id"),
    "/api/meetings/{id:uuid}/recommendations": _of_json(item=1, what="word", owner="id", due_on="2030-11-20"),
    "/api/meetings/{id:uuid}/recommendations/{recommendation:uuid}/result": _of_json(state="done", version=1),
    "/api/participants/{participant:str}/meeting-name": _of_json(called="word", version=0),
    "/api/participants/{participant:str}/agenda-items/{id:uuid}": _of_json(
        version=1, question="word", asked="nothing_to_say", told_on="2026-11-20"
    ),
    "/api/participants/{participant:str}/agenda-items/{id:uuid}/take-off": _of_json(confirm="yes"),
    "/api/participants/{participant:str}/recommendations/{id:uuid}/result": _of_json(state="done", version=1),
    "/api/participants/{participant:str}/recommendations/{id:uuid}/told": _of_json(
        on="2026-11-20", told="word", version=1
    ),
    "/{language:str}/staff/committee/new": _of_page(body="clinical", day="2030-11-20", hour="13:30", place="Au coin"),
    "/{language:str}/staff/committee/seats": _of_page(body="clinical", staff="id", starts="2026-11-20"),
    "/{language:str}/staff/committee/seats/{id:uuid}/end": _of_page(confirm="yes"),
    "/{language:str}/staff/committee/meetings/{id:uuid}/record": _of_page(act="present", staff="id"),
    "/{language:str}/staff/committee/meetings/{id:uuid}/recuse": _of_page(item="1"),
    "/{language:str}/staff/committee/meetings/{id:uuid}/absence": _of_page(),
    "/{language:str}/staff/committee/meetings/{id:uuid}/absence/take-back": _of_page(seat="id"),
    "/{language:str}/staff/participants/{participant:str}/committee/new": _of_page(meeting="id", question="word"),
    "/{language:str}/staff/participants/{participant:str}/committee/name": _of_page(called="word", version="0"),
    "/{language:str}/staff/participants/{participant:str}/committee/items/{id:uuid}": _of_page(
        version="1", question="word"
    ),
    "/{language:str}/staff/participants/{participant:str}/committee/items/{id:uuid}/take-off": _of_page(confirm="yes"),
    "/{language:str}/staff/participants/{participant:str}/committee/recommendations/{id:uuid}/told": _of_page(
        on="2026-11-20", told="word", version="1"
    ),
    "/{language:str}/staff/participants/{participant:str}/committee/recommendations/{id:uuid}/result": _of_page(
        state="done", version="1"
    ),
    "/api/requests/{id:uuid}/answer": _of_json(to="accepted", version=1, words="word"),
    "/api/participants/{participant:str}/transfers": _of_json(region="slug", seen="word", age=17),
    "/api/participants/{participant:str}/transfers/preview": _of_json(region="slug", age=17),
    "/api/participants/{participant:str}/transfers/{id:uuid}/withdraw": _of_json(version=1),
    "/api/participants/{participant:str}/transfers/{id:uuid}/told": _of_json(version=1),
    "/api/transfers/{id:uuid}/accept": _of_json(version=1),
    "/api/transfers/{id:uuid}/refuse": _of_json(version=1, reason="other"),
    "/api/participants/{participant:str}/cycle-stages": _of_json(
        model="cycle_of_exploitation", stage="crisis", note="word"
    ),
    "/api/hand-overs": _of_json(to="id", word="word"),
    "/api/hand-overs/{id:uuid}/told": _of_json(her_answer="agrees"),
    "/api/hand-overs/{id:uuid}/accept": _of_json(confirm="yes"),
    "/api/hand-overs/{id:uuid}/decline": _of_json(confirm="yes"),
    "/api/hand-overs/{id:uuid}/withdraw": _of_json(confirm="yes"),
    "/{language:str}/sign-in": _of_page(email="email", password=PASSWORD, next="word"),
    "/{language:str}/sign-out": _of_page(_csrf="word"),
    "/{language:str}/sign-out-everywhere": _of_page(_csrf="word"),
    "/{language:str}/account/password": _of_page(old=PASSWORD, new="word", again="word"),
    "/{language:str}/account/number": _of_page(number="514 555-0100"),
    "/{language:str}/account/number/code": _of_page(code="000000"),
    "/{language:str}/account/number/remove": _of_page(),
    "/{language:str}/account/preferences": _of_page(language="word", mail="yes"),
    "/{language:str}/account/session": _of_page(session="word"),
    "/{language:str}/invitation": _of_page(secret="invitation"),
    "/{language:str}/invitation/password": _of_page(secret="invitation", password="word", again="word"),
    "/{language:str}/administration/staff/invite": _of_page(name="Sam", email="email", roles="word", language="fr"),
    "/{language:str}/administration/staff/{id:uuid}/roles": _of_page(roles="liaison"),
    "/{language:str}/administration/staff/{id:uuid}/off": _of_page(confirm="yes"),
    "/{language:str}/administration/staff/{id:uuid}/on": _of_page(confirm="yes"),
    "/{language:str}/administration/invitations/{id:uuid}/renew": _of_page(hand_over="yes"),
    "/{language:str}/administration/invitations/{id:uuid}/revoke": _of_page(confirm="yes"),
    "/{language:str}/administration/staff/{id:uuid}/recovery": _of_page(hand_over="yes"),
    "/{language:str}/administration/staff/{id:uuid}/recovery/revoke": _of_page(confirm="yes"),
    "/{language:str}/recovery": _of_page(secret="recovery"),
    "/{language:str}/recovery/password": _of_page(secret="recovery", password="word", again="word"),
    "/{language:str}/sign-in/again": _of_page(_csrf="word", name="word"),
    "/{language:str}/administration/tokens": _of_page(label="word", roles="word", days="30"),
    "/{language:str}/administration/tokens/{id:uuid}/revoke": _of_page(confirm="yes"),
    "/{language:str}/account/tokens/{id:uuid}/revoke": _of_page(confirm="yes"),
    "/api/admin/tokens/{id:uuid}/revoke": _of_json(confirm="yes"),
    "/api/admin/staff/{id:uuid}/roles": _of_json(roles="word"),
    "/api/admin/staff/{id:uuid}/off": _of_json(confirm="yes"),
    "/api/admin/staff/{id:uuid}/on": _of_json(confirm="yes"),
    "/api/admin/invitations": _invitation,
    "/api/admin/invitations/{id:uuid}/renew": _of_json(confirm="yes"),
    "/api/admin/invitations/{id:uuid}/revoke": _of_json(confirm="yes"),
    "/{language:str}/contact": _of_page(name="Sam", sentence="word", _once="key"),
    "/{language:str}/advice": _of_page(situation="Une chambre", _once="key"),  # kept nowhere, also not abroad
    "/{language:str}/advice/receipt": _of_page(receipt="receipt"),
    "/{language:str}/advice/receipt/equipped": _of_page(receipt="receipt", equipped="5"),
    "/{language:str}/advice/receipt/close": _of_page(receipt="receipt"),
    "/{language:str}/advice/receipt/referral": _of_page(receipt="receipt"),
    "/{language:str}/advice/requests/{id:uuid}/proposal": _of_page(language="fr-CA", title="word", text="word"),
    "/{language:str}/staff/tools/new": _of_page(code="key", **{"title_fr-CA": "word"}),
    "/{language:str}/staff/tools/{tool:str}": _of_page(act="publish", version="1"),
    "/{language:str}/staff/tools/{tool:str}/change": _of_page(version="1", **{"title_fr-CA": "word"}),
    "/{language:str}/staff/tool-proposals/{id:uuid}": _of_page(act="draft", code="key"),
    "/{language:str}/advice/requests/{id:uuid}": _of_page(act="answer", version="1", how="answer", reply="word"),
    "/{language:str}/staff/erasure-holds": _of_page(
        act="place", referral="id", reason="word", review_on="2030-01-05", _confirmed="yes"
    ),
    "/{language:str}/staff/incidents/new": _of_page(**_INCIDENT, risk="not_yet", _confirmed="yes"),
    "/{language:str}/staff/incidents/{id:uuid}": _of_page(
        act="change", version="1", **_INCIDENT, risk="not_yet", _confirmed="yes"
    ),
    "/{language:str}/staff/workshops/new": _of_page(**_WORKSHOP),
    "/{language:str}/staff/workshops/{id:uuid}": _of_page(act="cancel", version="1"),
    "/{language:str}/staff/workshops/{id:uuid}/change": _of_page(version="1", **_WORKSHOP),
    "/{language:str}/staff/trainings/new": _of_page(**_TRAINING),
    "/{language:str}/staff/trainings/{id:uuid}": _of_page(act="remove", version="1"),
    "/{language:str}/staff/support-sessions/new": _of_page(kind="individual", theme="other"),
    "/{language:str}/staff/support-sessions/{id:uuid}": _of_page(act="say", before="3", words="word", _confirmed="yes"),
    "/{language:str}/entourage": _of_page(ask="Une chambre", _once="key"),
    "/{language:str}/entourage/own": _of_page(code="receipt", act="close"),
    "/{language:str}/entourage/records/new": _of_page(ask="Une chambre", **_HERE_ONLY_ON_PAGE),
    "/{language:str}/entourage/records/{id:uuid}": _of_page(
        act="note", day="2026-11-20", kind="call", words="word", _confirmed="yes"
    ),
    "/{language:str}/inquire": _of_page(organization="word", region="word", _once="key"),
    "/{language:str}/inquiries/{id:uuid}": _of_page(to="answered"),
    "/api/inquiries": _of_json(organization="word", region="word"),
    "/api/inquiries/{id:uuid}/state": _of_json(to="answered"),
    "/{language:str}/administration/deliveries": _of_page(entry="id", recipient="hook:none"),
    "/api/admin/deliveries/try-again": _of_json(entry="id", recipient="word"),
    "/api/admin/deliveries/try-all-again": _of_json(confirm="yes"),
    "/{language:str}/administration/pages": _of_page(slug="word"),
    "/{language:str}/administration/pages/{slug:str}": _of_page(language="fr-CA", base="word", text="word", act="save"),
    "/{language:str}/administration/pages/{slug:str}/take-back": _of_page(language="fr-CA", to="word"),
    "/{language:str}/administration/packs": _of_page(id="word"),
    "/{language:str}/administration/packs/take-back": _of_page(plugin="word"),
    "/{language:str}/administration/packs/{id:uuid}/publish": _of_page(confirm="yes"),
    "/{language:str}/administration/packs/{id:uuid}/discard": _of_page(confirm="yes"),
    "/{language:str}/administration/terms/term": _of_page(language="fr-CA", key="word", text="word"),
    "/{language:str}/administration/terms/restore": _of_page(language="fr-CA", key="word"),
    "/api/admin/terms": _of_json(language="fr-CA", key="word", text="word"),
    "/api/admin/terms/restore": _of_json(language="fr-CA", key="word"),
    "/api/admin/forms/drafts": _of_json(key="visits", start="nothing"),
    "/api/admin/forms/{key:str}/publication": _of_json(revision="word"),
    "/api/admin/forms/{key:str}/retirement": _of_json(confirm="word"),
    "/{language:str}/administration/forms": _of_page(key="visits", act="nothing"),
    "/{language:str}/administration/forms/{key:str}/versions": _of_page(act="word", version="word"),
    "/{language:str}/administration/forms/{key:str}/title": _of_page(further="further"),
    "/{language:str}/administration/forms/{key:str}/order": _of_page(id="id", before="id", direction="up"),
    "/{language:str}/administration/forms/{key:str}/removal": _of_page(id="id"),
    "/{language:str}/administration/forms/{key:str}/discard": _of_page(confirm="yes"),
    "/{language:str}/administration/forms/{key:str}/publish": _of_page(revision="word"),
    "/{language:str}/administration/forms/{key:str}/question": _of_page(_id="id", _after="id", name="plain"),
    "/{language:str}/administration/forms/{key:str}/rule": _of_page(id="id", which="relevant", cell="plain"),
    "/{language:str}/refer": _of_page(knows="word", _once="key", **{"contact.name": "word"}),
    "/{language:str}/receipt": _of_page(receipt="receipt"),
    "/{language:str}/receipt/withdraw": _of_page(receipt="receipt", confirm="yes"),
    "/{language:str}/receipt/answer": _of_page(receipt="receipt", question="id", answer="word"),
    "/{language:str}/referrals/{id:uuid}": _of_page(to="duplicate", reason="word", duplicate_of="id"),
    "/{language:str}/referrals/{id:uuid}/questions": _of_page(question="word"),
    "/{language:str}/referrals/{id:uuid}/assignee": _of_page(assignee="id"),
    "/{language:str}/staff/participants/{participant:str}/together": _of_page(confirm="yes"),
    "/{language:str}/staff/participants/{participant:str}/requests/{id:uuid}/link": _of_page(confirm="yes"),
    "/{language:str}/staff/participants/{participant:str}/requests/{id:uuid}/link/{link:uuid}/revoke": _of_page(
        confirm="yes"
    ),
    "/{language:str}/answer": _of_page(secret="word"),
    "/{language:str}/answer/given": _of_page(secret="word", to="accepted", version="1"),
    "/api/participants/{participant:str}/requests/{id:uuid}/links": _of_json(confirm="yes"),
    "/api/participants/{participant:str}/requests/{id:uuid}/links/{link:uuid}/revoke": _of_json(confirm="yes"),
    "/api/answer-links/request": _of_json(secret="word"),
    "/api/answer-links/answer": _of_json(secret="word"),
    "/{language:str}/together/strengths": _of_page(words="word"),
    "/{language:str}/together/goals": _of_page(words="word"),
    "/{language:str}/together/goals/{id:uuid}/words": _of_page(words="word", version="1"),
    "/{language:str}/together/goals/{id:uuid}/stages": _of_page(stage="action"),
    "/{language:str}/together/place": _of_page(model="word", stage="word"),
    "/{language:str}/together/lines/{id:uuid}/end": _of_page(confirm="yes"),
    "/{language:str}/together/done": _of_page(confirm="yes"),
    "/{language:str}/staff/participants/{participant:str}/plan/strength": _of_page(what="word", identified_by="both"),
    "/{language:str}/staff/participants/{participant:str}/plan/strengths/{id:uuid}": _of_page(version="1", what="word"),
    "/{language:str}/staff/participants/{participant:str}/plan/need": _of_page(need="safety", strength="word"),
    "/{language:str}/staff/participants/{participant:str}/plan/needs/{id:uuid}": _of_page(version="1", what="word"),
    "/{language:str}/staff/participants/{participant:str}/plan/goal": _of_page(words="word", proposed_by="herself"),
    "/{language:str}/staff/participants/{participant:str}/plan/goals/{id:uuid}": _of_page(version="1", words="word"),
    "/{language:str}/staff/participants/{participant:str}/plan/goals/{id:uuid}/stages": _of_page(importance="3"),
    "/{language:str}/staff/participants/{participant:str}/requests/new": _of_page(service="word", act="send"),
    "/{language:str}/staff/participants/{participant:str}/requests/{id:uuid}": _of_page(to="accepted", version="1"),
    "/{language:str}/staff/requests/{id:uuid}": _of_page(to="accepted", version="1"),
    "/{language:str}/staff/participants/{participant:str}/transfers/new": _of_page(region="slug", act="offer"),
    "/{language:str}/staff/participants/{participant:str}/transfers/{id:uuid}": _of_page(act="withdraw", version="1"),
    "/{language:str}/staff/transfers/{id:uuid}": _of_page(act="accept", version="1"),
    "/{language:str}/staff/participants/{participant:str}/cycle-stages": _of_page(
        model="cycle_of_exploitation", stage="crisis"
    ),
    "/{language:str}/staff/participants/{participant:str}/safe-contact": _of_page(channel="phone", safe="word"),
    "/{language:str}/staff/participants/{participant:str}/safe-contact/channels/{channel:str}": _of_page(value="word"),
    "/api/participants/{participant:str}/safe-contact/answers": _of_json(channel="text", said="word"),
    "/{language:str}/staff/participants/{participant:str}/safe-contact/answers": _of_page(channel="text", said="word"),
    "/{language:str}/staff/participants/{participant:str}/safe-contact/around-her": _of_page(language="fr-CA"),
    "/{language:str}/referrals/{id:uuid}/participation": _of_page(
        on="2026-11-20", how="spoken", words="word", pivot="id"
    ),
    "/{language:str}/staff/participants/{participant:str}/pivot": _of_page(staff="id"),
    "/{language:str}/staff/hand-overs/new": _of_page(to="id", participants="word"),
    "/{language:str}/staff/hand-overs/{id:uuid}": _of_page(act="accepted"),
    "/{language:str}/staff/participants/{participant:str}/contact": _of_page(channel="phone", outcome="she_reached_us"),
    "/{language:str}/staff/participants/{participant:str}/encounters": _of_page(note="word", **_ENCOUNTER_ON_PAGE),
    "/{language:str}/staff/participants/{participant:str}/encounters/{id:uuid}": _of_page(
        version="1", **_ENCOUNTER_ON_PAGE
    ),
    "/{language:str}/staff/participants/{participant:str}/encounters/{id:uuid}/addenda": _of_page(text="word"),
    "/{language:str}/staff/participants/{participant:str}/participation": _of_page(
        to="paused", version="1", note="word"
    ),
    "/{language:str}/staff/participants/{participant:str}/accompaniments": _of_page(
        what="word", information="legal", kind="court", state="held", day="2026-11-21", time="9:00"
    ),
    "/{language:str}/staff/participants/{participant:str}/accompaniments/{id:uuid}": _of_page(
        version="1", what="word", kind="court", state="held", day="2026-11-21", time="9:00"
    ),
    "/{language:str}/staff/activities/new": _of_page(**_OUTING_ON_PAGE, activity="museum"),
    "/{language:str}/staff/activities/{id:uuid}/change": _of_page(**_OUTING_ON_PAGE, version="1", state="planned"),
    "/{language:str}/staff/activities/{id:uuid}/attendance": _of_page(asked="word"),
    "/{language:str}/staff/activities/{id:uuid}/budget": _of_page(version="1", planned_cents="12.50"),
    "/{language:str}/staff/participants/{participant:str}/activities": _of_page(
        outing="id", how="encounter", answer="yes"
    ),
    "/{language:str}/staff/participants/{participant:str}/activities/{id:uuid}": _of_page(
        version="1", answer="yes", felt="word"
    ),
    "/{language:str}/staff/participants/{participant:str}/activities/{id:uuid}/strengths": _of_page(
        what="word", identified_by="both"
    ),
    "/{language:str}/staff/participants/{participant:str}/kept-apart": _of_page(participant="word"),
    "/{language:str}/staff/participants/{participant:str}/kept-apart/{id:uuid}/end": _of_page(confirm="yes"),
    "/{language:str}/staff/participants/{participant:str}/reporting-decisions": _of_page(**_DECISION),
    "/{language:str}/staff/participants/{participant:str}/drafts/{id:uuid}/discard": _of_page(form="encounter"),
    "/{language:str}/staff/participants/{participant:str}/dates": _of_page(kind="rent", on="2027-01-01", note="word"),
    "/{language:str}/staff/participants/{participant:str}/dates/{id:uuid}/end": _of_page(confirm="yes"),
    "/{language:str}/staff/participants/{participant:str}/dates/{id:uuid}/offered": _of_page(confirm="yes"),
    "/{language:str}/staff/participants/{participant:str}/identity": _of_page(reason="a reason that is long enough"),
    "/{language:str}/staff/participants/{participant:str}/identity/versions": _of_page(chosen_name="word"),
    "/{language:str}/staff/participants/{participant:str}/birthdays/{id:uuid}": _of_page(confirm="yes"),
    "/{language:str}/staff/participants/{participant:str}/consents/new": _of_page(kind="care", age="19", words="word"),
    "/{language:str}/staff/participants/{participant:str}/consents/lines/{id:uuid}/end": _of_page(confirm="yes"),
    "/{language:str}/staff/participants/{participant:str}/consents/{id:uuid}/end": _of_page(by="parent", age="13"),
    "/{language:str}/staff/participants/{participant:str}/consents/{id:uuid}/agree": _of_page(giver="parent", age="13"),
    "/{language:str}/staff/participants/{participant:str}/limits": _of_page(confirm="yes"),
    "/{language:str}/staff/participants/{participant:str}/exclusions": _of_page(
        kind="refusal", staff="id", reason="word"
    ),
    "/{language:str}/staff/participants/{participant:str}/exclusions/{id:uuid}/end": _of_page(confirm="yes"),
    "/{language:str}/referrals/export": _of_page(purpose="quality", form="word", since="2026-11-01", file="csv"),
    "/{language:str}/referrals/search": _of_page(text="word", cursor="cursor"),
    # Our own list shows what was typed into it.
    "/{language:str}/referrals/filters": _of_page(name="Sam", state="received"),
    "/{language:str}/referrals/filters/{id:uuid}/delete": _of_page(confirm="yes"),
    "/{language:str}/partners/find": _of_page(need="word", area="word", language="word"),
    "/{language:str}/administration/partners": _of_page(document="word", act="preview"),
    "/api/admin/partners/import": _of_json(id="id", name="word", organization_id="id"),
    "/api/admin/plugins/{plugin:str}/on": _of_json(plugin="word"),
    "/api/admin/plugins/{plugin:str}/off": _of_json(plugin="word"),
    "/{language:str}/administration/plugins/{plugin:str}/on": _of_page(plugin="word", confirm="yes"),
    "/{language:str}/administration/plugins/{plugin:str}/settings": _of_page(plugin="word"),
    "/{language:str}/administration/plugins/{plugin:str}/off": _of_page(plugin="word", confirm="yes"),
    "/api/admin/readiness/{element:str}": _of_json(how="word", why="word"),
    "/{language:str}/administration/readiness/{element:str}": _of_page(how="word", why="word"),
    "/api/directory/entries/{kind:str}/{id:uuid}": _of_json(changes="word", why="word"),
    "/api/directory/entries/{kind:str}/{id:uuid}/decide": _of_json(field="word", choice="ours", why="word"),
    "/api/participants/{participant:str}/birthday-tasks/{id:uuid}/done": _of_json(confirm="yes"),
    "/api/participant-duplicates": _of_json(participant="word", other="word", same="word", reason="word"),
    "/api/participant-duplicates/{id:uuid}/undo": _of_json(reason="a reason that is long enough"),
    "/{language:str}/staff/duplicates": _of_page(participant="word", other="word", same="yes", reason="word"),
    "/{language:str}/staff/duplicates/{id:uuid}/undo": _of_page(reason="a reason that is long enough"),
    "/api/participants/{participant:str}/identity": _of_json(reason="a reason that is long enough"),
    "/api/participants/{participant:str}/safe-contact/confirmations": _of_json(channel="phone", safe="word"),
    "/api/directory/partners": _of_json(organization="word", role="word"),
    "/api/directory/entries/{kind:str}/{id:uuid}/add": _of_json(kind="services", content="word"),
    "/api/directory/entries/{kind:str}/{id:uuid}/verify": _of_json(confirm="yes"),
    "/api/directory/entries/{kind:str}/{id:uuid}/end": _of_json(on="word", why="word"),
    "/api/directory/entries/{kind:str}/{id:uuid}/remove": _of_json(confirm="yes"),
    "/api/directory/entries/{kind:str}/{id:uuid}/put-back": _of_json(confirm="yes"),
    "/{language:str}/directory/partners/new": _of_page(role="word", **{"organization.name.fr": "word"}),
    "/{language:str}/directory/{kind:str}/{id:uuid}/add/{added:str}": _of_page(**{"name.fr": "word"}),
    "/{language:str}/directory/{kind:str}/{id:uuid}/verify": _of_page(confirm="yes"),
    "/{language:str}/directory/{kind:str}/{id:uuid}/end": _of_page(on="word", why="word"),
    "/{language:str}/directory/{kind:str}/{id:uuid}/remove": _of_page(confirm="yes"),
    "/{language:str}/directory/{kind:str}/{id:uuid}/put-back": _of_page(confirm="yes"),
    "/{language:str}/directory/{kind:str}/{id:uuid}": _of_page(why="word", short_name="word"),
    "/{language:str}/directory/{kind:str}/{id:uuid}/decide": _of_page(_field="word", _choice="new", why="word"),
    "/{language:str}/records/{kind:str}/{id:uuid}/extra-questions/{form:str}": _of_page(
        _answers_version="0", before="word"
    ),
    "/api/records/{kind:str}/{id:uuid}/extra-questions/{form:str}": _of_json(answers="word", version="word"),
    "/api/admin/plugins/{plugin:str}/settings": _of_json(word="word"),
    "/api/admin/packs": _of_json(word="word"),
    "/api/admin/packs/{id:uuid}/publish": _of_json(confirm="yes"),
    "/api/admin/packs/{id:uuid}/discard": _of_json(confirm="yes"),
    "/api/admin/packs/take-back": _of_json(plugin="word"),
    "/{language:str}/x/shelter_beds/beds": _of_page(**{"01890000-0000-7000-8000-000000000000": "3"}),
    "/{language:str}/administration/plugins/{plugin:str}/export": _of_page(plugin="word"),
}
"""What is posted where. A new route that takes posts fails the first test until it has a line here."""

NOT_PROBED: Final = frozenset({"/{language:str}/sign-out", "/{language:str}/sign-out-everywhere"})
"""They would end the session that later probes ask with; probed without it."""


def _fill(answers: dict[str, Any], owned: Owned) -> None:
    for name, value in answers.items():
        if isinstance(value, dict):
            _fill(value, owned)
        elif name.endswith("email"):
            answers[name] = f"{owned.canary()}@example.org"
        elif name in _FREE_TEXT:
            answers[name] = owned.canary()


_FREE_TEXT: Final = frozenset({
    "name", "when", "care", "her_words", "referrer_name", "referrer_organization", "meeting_care",
})  # fmt: skip


def _cursor(id: str) -> Callable[[Context], Any]:
    async def making(ctx: Context) -> str:
        from spheres_core.foundation.tenancy.pagination import make_cursor

        return make_cursor(ctx, "referrals", UUID(id))

    return making


def _routes(world: World, slug: str) -> Iterator[tuple[str, str]]:
    for route in world.loaded(slug).plugins.app.routes:
        assert isinstance(route, HTTPRoute), route
        for method in route.methods - {"OPTIONS"}:
            yield method, route.path


def _rounds(method: str, path: str) -> int:
    if method != "GET":
        return ROUNDS - 1
    return ROUNDS if "{" in path.removeprefix("/{language:str}") else ROUNDS // 3


def masked(answer: Answer, given: list[str]) -> tuple[int, tuple[tuple[str, str], ...], str]:
    """An answer without what was asked for, and without ids, codes and counters that are new each time."""

    def mask(text: str) -> str:
        text = _WAY_BACK.sub("<new>", text)
        for value in sorted(set(given), key=len, reverse=True):
            text = re.sub(re.escape(value), "<given>", text, flags=re.IGNORECASE)
        return _VOLATILE.sub("<new>", _ID.sub("<id>", text))

    return answer.status, tuple((name, mask(value)) for name, value in answer.headers), mask(answer.text)


def leaks(region: Region, asked: Probe, answer: Answer, given: list[str]) -> set[str]:
    """Words and ids of other tenants in an answer that nobody put into the question.

    Who asks at another tenant's own address may read what that tenant tells everybody.
    """
    whole = answer.text.lower() + "\n" + "\n".join(f"{name}: {value}" for name, value in answer.headers).lower()
    found = set()
    for slug in VICTIMS:
        owned = region.owned[slug]
        at_home = asked.target.startswith(f"/t/{slug}/") or ("host", f"{slug}.example") in asked.headers
        known = owned.canaries | owned.ids | {each.lower() for each in owned.things["receipt"]}
        for each in known - owned.published if at_home else known:
            if each in whole and not any(each in value.lower() for value in given):
                found.add(each)
    return found


class Found(msgspec.Struct):
    """What a run of probes found."""

    asked: int = 0
    leaked: int = 0
    told_apart: int = 0
    statuses: Counter[int] = msgspec.field(default_factory=Counter)
    examples: list[str] = msgspec.field(default_factory=list)


def probe(region: Region, requests: int, *, enough: tuple[int, int] | None = None) -> Found:
    """Send that many requests, in pairs; or until so many leaked, and so many were told apart."""
    found = Found()
    turns = iter(range(requests))
    while found.asked < requests and not (enough and found.leaked >= enough[0] and found.told_apart >= enough[1]):
        number = next(turns)
        foreign, absent, given = region.pair(number)
        if any(foreign.target.partition("?")[0].endswith(path.removeprefix("/{language:str}")) for path in NOT_PROBED):
            foreign, absent = (msgspec.structs.replace(each, headers=()) for each in (foreign, absent))
        client = f"198.51.{number // 250 % 250}.{number % 250}"
        answers = [send(region.world, each, client=client) for each in (foreign, absent)]
        found.asked += 2
        found.statuses.update(answer.status for answer in answers)
        leaked = leaks(region, foreign, answers[0], given) | leaks(region, absent, answers[1], given)
        apart = answers[0] != answers[1] and masked(answers[0], given) != masked(answers[1], given)
        found.leaked += bool(leaked)
        found.told_apart += apart
        if (leaked or apart) and len(found.examples) < 5:
            found.examples.append(f"{foreign}\n{absent}\n{leaked}\n{answers[0]}\n{answers[1]}")
    return found


@pytest.fixture(scope="module")
def region(cluster: Cluster, migrated: str, machine: Machine) -> Iterator[Region]:
    """One for all tests: what probes leave behind is their own tenant's."""
    theirs = ("quebec", "outaouais", *({"regional_intake", "shelter_beds"} & machine.plugins.keys()))
    with world_maker(cluster, machine, migrated) as make_world:
        world = make_world(
            definition("north", "quebec", "montreal", hosts=("north.example",)),
            definition("south", *theirs, hosts=("south.example",)),
            definition("twin", "quebec", "montreal", hosts=("twin.example",)),
        )
        world.now = NOW
        yield Region(world)


@pytest.fixture
def past_the_wall(region: Region) -> Iterator[None]:
    """Requests run as a role that no policy holds for."""
    ours, superuser = region.world.runtime.database._url, region.world.urls.superuser
    assert superuser is not None
    region.world.run(_come_as(region.world, superuser))
    yield
    region.world.run(_come_as(region.world, ours))


async def _come_as(world: World, url: str) -> None:
    database = world.runtime.database
    await database.close()
    database._url = url
    await database.open()


@pytest.fixture
def without_scoping() -> Iterator[None]:
    """Every query forgets to ask for its own tenant's rows only."""
    OwnTenant.enforced = False
    Statement.forget_compiled()
    yield
    OwnTenant.enforced = True
    Statement.forget_compiled()


def test_every_route_is_probed(region: Region) -> None:
    posted = {path for method, path in region.routes if method == "POST" and not path.startswith("/api/_")}
    assert posted <= set(BODIES), f"say in BODIES what is posted to {posted - set(BODIES)}"
    assert sum(len(region.owned[slug].canaries) for slug in VICTIMS) >= 200


def test_nothing_of_another_tenant_is_answered_nor_told_from_what_is_not_there(region: Region) -> None:
    before = _rows_of_victims(region)

    found = probe(region, requests := 2 * len(region.order))

    assert not found.leaked, found.examples
    assert not found.told_apart, "\n\n".join(found.examples)
    assert found.asked >= requests
    assert not {status for status in found.statuses if status >= 500}
    assert {200, 201, 401, 404, 422} <= set(found.statuses), "the probes must reach what needs an account"
    assert _rows_of_victims(region) == before, "no probe may change anything of another tenant's"


@pytest.mark.usefixtures("without_scoping")
def test_row_level_security_alone_holds_when_every_query_forgets_its_tenant(region: Region) -> None:
    found = probe(region, IN_CONTROLS)

    assert not found.leaked, found.examples
    assert not found.told_apart, "\n\n".join(found.examples)


@pytest.mark.usefixtures("past_the_wall")
def test_scoped_queries_alone_hold_when_the_database_lets_everything_pass(region: Region) -> None:
    found = probe(region, IN_CONTROLS)

    assert not found.leaked, found.examples
    assert not found.told_apart, "\n\n".join(found.examples)


@pytest.mark.usefixtures("past_the_wall", "without_scoping")
def test_with_both_walls_down_the_probes_do_find_the_other_tenants(region: Region) -> None:
    """The control: probes that found nothing here would prove nothing anywhere."""
    found = probe(region, IN_CONTROLS, enough=(10, 3))

    assert found.leaked >= 10, found
    assert found.told_apart >= 3, found


def _rows_of_victims(region: Region) -> dict[str, int]:
    tenants = [region.world.loaded(slug).tenant.id for slug in VICTIMS]
    with psycopg.connect(region.world.urls.needed("owner")) as db:
        return {
            table: db.execute(f"SELECT count(*) FROM {table} WHERE tenant_id = ANY(%s)", [tenants]).fetchone()[0]  # type: ignore[index]
            for table in GUARDED
        }
