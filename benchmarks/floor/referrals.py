"""Receives a referral, lists them for triage and reads one."""

import asyncio
import base64
import datetime as dt
import secrets
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException, TooManyRequestsException
from msgspec import Struct

from benchmarks.floor import transactions
from benchmarks.floor.transactions import (
    TEXTS,
    ZONE,
    Tenant,
    check_token,
    keyring,
    language_of,
    tenant_of,
    transaction,
    uuid7,
)
from spheres_core.forms.answers import check
from spheres_core.foundation.tenancy.post_limits import network
from spheres_core.referrals import duplicates

ALPHABET = "ABCDEFGHJKMNPQRTUVWXY346789"
MOST_POSTS = [999_999_999] * 3
"""Posts are counted as they are for people, but none is refused."""
PARTNER = {
    (True, True): "Serves her language and her community.",
    (True, False): "Serves her language.",
    (False, True): "Serves her community.",
    (False, False): "Can make a first contact; its languages and areas are not stated.",
}
NEXT_STEPS = {
    "received": ["in_review", "duplicate", "withdrawn", "entered_in_error"],
    "in_review": ["info_requested", "contact_planned", "redirected", "duplicate", "withdrawn", "entered_in_error"],
}
OPEN = [
    "received", "in_review", "info_requested", "contact_planned", "in_contact", "not_yet", "waitlisted", "unreachable",
]  # fmt: skip
RECEIVE = """
WITH new AS (
  INSERT INTO referrals (tenant_id, id, state, form_key, form_version, language, received_at, received_on, age,
    age_least, age_most, knows, agrees_to_contact, preferred_language, community, needs, safe_contact_known, opinions,
    missing_opinions, answers, receipt_mark, summary)
  VALUES ($1, $2, 'received', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, '{}', $18, $19, $25)
  RETURNING tenant_id, id),
marked AS (
  INSERT INTO referral_marks (tenant_id, referral_id, kind, mark)
  SELECT new.tenant_id, new.id, unnest($20::text[]), unnest($21::bytea[]) FROM new),
entry AS (
  INSERT INTO trail_entries (tenant_id, id, at, verb, actor_kind, subject_kind, subject_id, details)
  VALUES ($1, $22, $6, 'referral.received', 'anonymous', 'referral', $2, $23) RETURNING id)
SELECT procrastinate_defer_jobs_v1(
  ARRAY[ROW('outbox', 'spheres.deliver', 0, NULL, NULL, $24::jsonb, NULL)]::procrastinate_job_to_defer_v1[]) FROM entry
"""
LIST = """
WITH lines AS (
  SELECT id, state, received_at, form_key AS form, language, age, age_least, age_most, knows, agrees_to_contact,
    preferred_language, community, needs, withdrawal_asked_at, assignee_id, answer_arrived, safe_contact_known,
    (SELECT true FROM referral_marks a
      JOIN referral_marks b ON b.tenant_id = a.tenant_id AND b.kind = a.kind AND b.mark = a.mark
        AND b.referral_id <> a.referral_id
      WHERE a.tenant_id = $1 AND a.referral_id = r.id AND a.kind IN ('phone', 'email', 'name_and_birth_date')
      LIMIT 1) IS NOT NULL,
    received_on, opinions, summary
  FROM referrals r WHERE tenant_id = $1 AND id < $2 AND state = ANY($6) ORDER BY id DESC LIMIT 51),
entry AS (
  INSERT INTO trail_entries (tenant_id, id, at, verb, actor_kind, actor_id, shown)
  SELECT $1, $3, $4, 'referral.listed', 'token', $5, ARRAY(SELECT id FROM lines LIMIT 50))
SELECT * FROM lines
"""
READ = """
WITH entry AS (
  INSERT INTO trail_entries (tenant_id, id, at, verb, actor_kind, actor_id, subject_kind, subject_id)
  SELECT $1, $3, $4, 'referral.read', 'token', $5, 'referral', id FROM referrals WHERE tenant_id = $1 AND id = $2)
SELECT r.id, r.state, r.received_at, r.form_key, r.form_version, r.language, r.answers, r.age, r.age_least, r.age_most,
  r.knows, r.agrees_to_contact, r.preferred_language, r.community, r.needs, r.opinions, r.missing_opinions,
  r.first_contact_at, r.withdrawal_asked_at,
  ARRAY(SELECT ROW(m.id, m.from_state, m.to_state, m.at, m.actor_kind, m.actor_id, m.reason, o.id)
    FROM referral_moves m LEFT JOIN referrals o ON o.tenant_id = m.tenant_id AND o.id = m.duplicate_of
    WHERE m.tenant_id = $1 AND m.referral_id = $2 ORDER BY m.id),
  ARRAY(SELECT ROW(o.id, o.state, o.received_on, array_agg(b.kind))
    FROM referral_marks a
    JOIN referral_marks b ON b.tenant_id = a.tenant_id AND b.kind = a.kind AND b.mark = a.mark
      AND b.referral_id <> a.referral_id
    JOIN referrals o ON o.tenant_id = b.tenant_id AND o.id = b.referral_id
    WHERE a.tenant_id = $1 AND a.referral_id = $2 AND a.kind IN ('phone', 'email', 'name_and_birth_date')
    GROUP BY o.id, o.state, o.received_on ORDER BY o.id DESC),
  (SELECT jsonb_agg(jsonb_build_array(key, content->'name', content->'languages', content->'areas', roles))
    FROM (SELECT g.key, g.content, array_agg(DISTINCT p.role) AS roles
      FROM organizations g JOIN partnerships p ON p.tenant_id = g.tenant_id AND p.organization_id = g.id
      WHERE g.tenant_id = $1 AND (p.starts_on IS NULL OR p.starts_on <= $6) AND (p.ends_on IS NULL OR p.ends_on > $6)
      GROUP BY g.tenant_id, g.id ORDER BY g.key) AS active),
  r.assignee_id, r.answer_arrived,
  ARRAY(SELECT ROW(q.id, q.asked_at, q.asked_by, q.question, q.answered_at, q.answer)
    FROM referral_questions q WHERE q.tenant_id = $1 AND q.referral_id = $2 ORDER BY q.id),
  ARRAY(SELECT ROW(f.id, f.question, f.name, f.media_type, f.size)
    FROM referral_attachments f WHERE f.tenant_id = $1 AND f.referral_id = $2 ORDER BY f.id)
FROM referrals r WHERE r.tenant_id = $1 AND r.id = $2
"""


class Posted(Struct, forbid_unknown_fields=True):
    answers: dict[str, Any]
    form: str = "referral"
    language: str | None = None
    version: str | None = None


class Received(Struct):
    receipt: str
    state: str
    ignored: tuple[str, ...]
    guidance: None = None


class Line(Struct):
    id: UUID
    state: str
    received_at: dt.datetime
    form: str
    language: str
    age: int | None
    age_least: int | None
    age_most: int | None
    knows: str | None
    agrees_to_contact: str | None
    preferred_language: str | None
    community: str | None
    needs: list[str]
    withdrawal_asked_at: dt.datetime | None
    assignee_id: UUID | None
    answer_arrived: bool
    safe_contact_known: bool
    likely_duplicate: bool
    received_on: dt.date
    opinions: list[dict[str, Any]]
    reference: str
    days_waiting: int | None
    called: str
    referrer: str
    organization: str


class Page(Struct):
    items: list[Line]
    next: str | None


async def count_post(tenant: Tenant, request: Request[Any, Any, Any], now: dt.datetime) -> None:
    """Counts by address, region and system, as the product does before anything else."""
    source = request.client.host if request.client else ""
    keys = [
        keyring.blind("public posts", "referrals", "address", str(now.date()), network(source)),
        keyring.blind("public posts", "referrals", "region", str(tenant.id)),
        keyring.blind("public posts", "referrals", "system"),
    ]
    async with asyncio.timeout(4), transactions.pool.acquire() as connection:
        if await connection.fetchval("SELECT count_public_post($1, $2, $3)", keys, MOST_POSTS, now):
            raise TooManyRequestsException


@post("/t/{slug:str}/api/referrals")
async def receive(slug: str, data: Posted, request: Request[Any, Any, Any]) -> Received:
    tenant = tenant_of(slug)
    if request.headers.get("sec-fetch-site") == "cross-site" or request.headers.get("origin"):
        raise PermissionDeniedException
    form = transactions.form
    if data.form != form.key or (data.version is not None and data.version != form.version):
        raise NotFoundException
    await count_post(tenant, request, dt.datetime.now(dt.UTC))
    language = "en-CA" if (data.language or "").startswith("en") else "fr-CA"
    now = dt.datetime.now(dt.UTC)
    today = now.astimezone(ZONE).date()
    checked = check(form, data.answers, language=language, today=today)
    if checked.problems:
        raise PermissionDeniedException
    values = checked.values
    contact, about = values.get("contact", {}), values.get("about", {})
    agreement = values["agreement"]
    age, least, most = about.get("age"), None, None
    if born := about.get("birth_date"):
        day = dt.date.fromisoformat(born)
        age = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
    elif age is None and (band := about.get("age_band")) in ("12-13", "14-17", "18-24"):
        least, most = int(band[:2]), int(band[3:])
    opinion = {"by": "referrals", **_opinion(age, least, most)}
    referrer = values["referrer"]
    id, entry, keys = uuid7(), uuid7(), tenant.keys
    marks = duplicates.marks(
        keys,
        {
            "participant_phone": contact.get("phone"), "participant_email": contact.get("email"),
            "participant_name": contact.get("name"), "birth_date": about.get("birth_date"),
            "referrer_phone": referrer.get("referrer_phone"), "referrer_email": referrer.get("referrer_email"),
            "referrer_name": referrer.get("referrer_name"),
        },
    )  # fmt: skip
    summary = [
        (words or "").strip()
        for words in (contact.get("name"), referrer.get("referrer_name"), referrer.get("referrer_organization"))
    ]
    code = "".join(secrets.choice(ALPHABET) for _ in range(12))
    async with transaction(tenant.id) as connection:
        await connection.fetch(
            RECEIVE, tenant.id, id, form.key, form.version, language, now, today, age, least, most, agreement["knows"],
            agreement["agrees"], about.get("language"), about.get("community"), about.get("needs", []),
            bool(contact.get("how") or contact.get("care")), [opinion],
            keys.seal("referrals", id, "answers", msgspec.json.encode(values)), keys.blind("receipt", code),
            [kind for kind, _ in marks], [mark for _, mark in marks], entry, {"form": form.key},
            {"tenant": slug, "entry": str(entry)}, keys.seal("referrals", id, "summary", msgspec.json.encode(summary)),
        )  # fmt: skip
    return Received(f"{code[:4]}-{code[4:8]}-{code[8:]}", "received", checked.ignored)


def _opinion(age: int | None, least: int | None, most: int | None) -> dict[str, Any]:
    low, high = (age, age) if age is not None else (least, most)
    if low is None or high is None:
        return _said("a_person_decides", "Her age is not known.", "age_unknown")
    if high < 12:
        return _said("does_not_fit", "On the referral date she is younger than {age}.", "age_below", age=12)
    if low > 24:
        return _said("does_not_fit", "On the referral date she is older than {age}.", "age_above", age=24)
    sentence = "On the referral date she is between {least} and {most}."
    return _said("fits", sentence, "age_fits", least=12, most=24)


def _said(outcome: str, sentence: str, code: str, **params: Any) -> dict[str, Any]:
    reason = {"msgid": sentence, "params": params, "domain": "spheres", "many": "", "number": 0}
    return {"outcome": outcome, "code": code, "reason": reason}


@get("/t/{slug:str}/api/referrals")
async def list_referrals(slug: str, request: Request[Any, Any, Any], cursor: str = "") -> Page:
    tenant, now, language = tenant_of(slug), dt.datetime.now(dt.UTC), language_of(request)
    before = UUID(int=(1 << 128) - 1)
    if cursor:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        before = UUID(bytes=raw[:16])
        if raw[16:] != tenant.keys.blind("cursor referrals newest", before.hex):
            raise NotFoundException
    async with transaction(tenant.id) as connection:
        actor = await check_token(connection, tenant, request, now)
        rows = await connection.fetch(LIST, tenant.id, before, uuid7(), now, actor, OPEN)
    today = now.astimezone(ZONE).date()
    items = [_line(tenant, row, language, today) for row in rows[:50]]
    onward = None
    if len(rows) > 50:
        last = items[-1].id
        mark = tenant.keys.blind("cursor referrals newest", last.hex)
        onward = base64.urlsafe_b64encode(last.bytes + mark).decode().rstrip("=")
    return Page(items, onward)


def _line(tenant: Tenant, row: Any, language: str, today: dt.date) -> Line:
    *listed, opinions, sealed = row
    id, waiting = row[0], (today - row[-3]).days if row[1] in OPEN else None
    words = msgspec.json.decode(tenant.keys.open("referrals", id, "summary", sealed)) if sealed else ("", "", "")
    values = (*listed, _in_words(opinions, language), _reference(id), waiting, *words)
    return Line(*values)


def _reference(id: UUID) -> str:
    return f"{id.hex[-6:-3]}-{id.hex[-3:]}".upper()


@get("/t/{slug:str}/api/referrals/{id:uuid}")
async def read_referral(slug: str, id: UUID, request: Request[Any, Any, Any]) -> dict[str, Any]:
    tenant, now, language = tenant_of(slug), dt.datetime.now(dt.UTC), language_of(request)
    today = now.astimezone(ZONE).date()
    async with transaction(tenant.id) as connection:
        actor = await check_token(connection, tenant, request, now)
        row = await connection.fetchrow(READ, tenant.id, id, uuid7(), now, actor, today)
        if row is None:
            raise NotFoundException
    keys = tenant.keys
    return {
        "id": id,
        "state": row["state"],
        "received_at": row["received_at"],
        "form": row["form_key"],
        "language": row["language"],
        "age": row["age"],
        "age_least": row["age_least"],
        "age_most": row["age_most"],
        "knows": row["knows"],
        "agrees_to_contact": row["agrees_to_contact"],
        "preferred_language": row["preferred_language"],
        "community": row["community"],
        "needs": row["needs"],
        "withdrawal_asked_at": row["withdrawal_asked_at"],
        "assignee_id": row["assignee_id"],
        "answer_arrived": row["answer_arrived"],
        "reference": _reference(id),
        "form_version": row["form_version"],
        "answers": msgspec.json.decode(keys.open("referrals", id, "answers", row["answers"])),
        "opinions": _in_words(row["opinions"], language),
        "missing_opinions": row["missing_opinions"],
        "first_contact_at": row["first_contact_at"],
        "steps": NEXT_STEPS[row["state"]],
        "history": [
            {
                "from_state": move[1],
                "to_state": move[2],
                "at": move[3],
                "actor_kind": move[4],
                "actor_id": move[5],
                "reason": keys.open("referral_moves", move[0], "reason", move[6]).decode() if move[6] else None,
                "duplicate_of": move[7],
            }
            for move in row[19]
        ],
        "questions": [
            {
                "id": asked[0],
                "asked_at": asked[1],
                "asked_by": asked[2],
                "question": keys.open("referral_questions", asked[0], "question", asked[3]).decode(),
                "answered_at": asked[4],
                "answer": keys.open("referral_questions", asked[0], "answer", asked[5]).decode() if asked[5] else None,
            }
            for asked in row[24]
        ],
        "attachments": [
            {
                "id": file[0],
                "question": file[1],
                "name": keys.open("referral_attachments", file[0], "name", file[2]).decode(),
                "media_type": file[3],
                "size": file[4],
            }
            for file in row[25]
        ],
        "likely_duplicates": [
            {"id": other[0], "state": other[1], "received_on": other[2], "alike": other[3]} for other in row[20]
        ],
        "suggested_partners": _suggested(row, language),
        "proposed_contacts": [],
        "unanswered": [],
    }


def _in_words(opinions: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    return [
        {
            "by": opinion["by"],
            "outcome": opinion["outcome"],
            "code": opinion["code"],
            "reason": TEXTS[language][opinion["reason"]["msgid"]].format(**opinion["reason"]["params"]),
        }
        for opinion in opinions
    ]


def _suggested(row: Any, language: str) -> list[dict[str, Any]]:
    wanted, found = row["preferred_language"], []
    for key, name, languages, areas, roles in row[21] or ():
        if not {"pivot_worker", "liaison"} & set(roles) or (areas and row["community"] not in areas):
            continue
        if wanted not in (languages or ()) and languages:
            continue
        speaks, serves = wanted in (languages or ()), row["community"] in (areas or ())
        shown = name.get(language) or name.get(language[:2]) or name["fr"]
        sentence = PARTNER[speaks, serves]
        found.append((-(2 * speaks + serves), key, shown, TEXTS[language][sentence]))
    return [{"organization": key, "name": shown, "reason": reason} for _, key, shown, reason in sorted(found)]


HANDLERS: list[Any] = [receive, list_referrals, read_referral]
