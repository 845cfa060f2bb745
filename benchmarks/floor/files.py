"""Writes an encounter, says what waits for a worker today, and opens a file as a timeline."""

import base64
import datetime as dt
import hashlib
import json
import os
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from litestar import Request, get, post
from litestar.exceptions import NotAuthorizedException, NotFoundException, PermissionDeniedException
from msgspec import Struct

from benchmarks.floor.transactions import (
    TEXTS,
    USED,
    ZONE,
    Tenant,
    language_of,
    tenant_of,
    transaction,
    uuid7,
)
from spheres_core.followups.schemas.accompaniments import PlannedAccompaniment
from spheres_core.followups.schemas.days import DayPart, FileFollowed, MyDay, PlannedEncounter, ReachableNow
from spheres_core.followups.schemas.encounters import Encounter, EncounterPosted
from spheres_core.followups.schemas.timeline import Timeline, TimelineLine
from spheres_core.followups.schemas.vulnerable_dates import DateAhead
from spheres_core.followups.vulnerable_dates import is_near, next_day
from spheres_core.foundation.plugins.registrations import DayLine
from spheres_core.participants.safe_contact import may_reach
from spheres_core.participants.schemas.safe_contact import ContactAllowed, ContactAsked, SafeContact
from spheres_core.safety.coverage import asked_for

AHEAD = dt.timedelta(days=7)
AFTERWARDS = dt.timedelta(days=14)
OPENED_LATELY = dt.timedelta(days=7)
PLAN_DAYS = 30
CONFIRMED_FOR = dt.timedelta(days=90)
PAGE = 50
PROOFREAD: dict[str, dict[str, str]] = json.loads(os.environ["BENCH_PROOFREAD"])
"""The texts that may be sent, by code and language."""
WHO_READS = """
SELECT t.id, t.last_used_at, s.id, s.roles, coalesce(s.organization, ''),
  set_config('plan_cache_mode', 'force_generic_plan', true),
  set_config('app.reader_kind', 'person', true), set_config('app.reader_staff', s.id::text, true),
  set_config('app.reader_organization', coalesce(s.organization, ''), true),
  set_config('app.reader_purpose', $4, true), set_config('app.reader_act', $5, true),
  set_config('app.reader_now', $3::timestamptz::text, true)
FROM api_tokens t JOIN staff s ON s.tenant_id = t.tenant_id AND s.id = t.made_by
WHERE t.tenant_id = $1 AND t.hash = $2 AND t.revoked_at IS NULL AND t.expires_at > $3 AND t.acts_as_maker AND s.active
"""
HERS = """
WITH her AS (SELECT id, code, dated_on FROM participants WHERE tenant_id = $1 AND code_mark = $2),
ground AS (
  SELECT her.id AS participant, s.id AS standing, e.id AS entry
  FROM her
  JOIN standings s ON s.tenant_id = $1 AND s.participant_id = her.id
  JOIN consent_entries e ON e.tenant_id = $1 AND e.participant_id = her.id AND e.recipient = s.recipient
  WHERE s.staff_id = $3 AND s.recipient = '*team' AND s.purpose = 'follow_up' AND s.starts <= $4 AND $4 < s.ends
    AND 'read' = ANY(s.acts) AND 'participation' = ANY(s.classes)
    AND e.information = 'participation' AND e.purpose = 'follow_up' AND e.act = 'read' AND e.starts <= $4
    AND $4 < e.ends AND e.first_day <= her.dated_on AND her.dated_on <= e.last_day
    AND NOT EXISTS (SELECT FROM exclusions x WHERE x.tenant_id = $1 AND x.participant_id = her.id
      AND x.starts <= $4 AND $4 < x.ends AND x.staff_id = $3 AND x.information IN ('', 'participation'))
  ORDER BY s.id, e.id LIMIT 1),
found AS (
  INSERT INTO trail_entries (tenant_id, id, at, verb, actor_kind, actor_id, subject_kind, subject_id, details)
  SELECT $1, $5, $4, 'participant.found', 'staff', $3, 'participant', participant,
    jsonb_build_object('standing', standing, 'entry', entry, 'token', $6::uuid) FROM ground)"""
WRITE = (
    HERS
    + """,
episode AS (
  SELECT p.id, p.participant_id FROM participations p JOIN ground ON p.participant_id = ground.participant
  WHERE p.tenant_id = $1 AND p.state NOT IN ('closed', 'not_started') AND (
    EXISTS (SELECT FROM limits_explained l WHERE l.tenant_id = $1 AND l.participant_id = p.participant_id)
    OR EXISTS (SELECT FROM referrals r WHERE r.tenant_id = $1 AND r.id = p.referral_id AND r.age >= 18))),
met AS (
  INSERT INTO encounters (tenant_id, id, participant_id, participation_id, state, kind, at, place, themes,
    principles, version, author, written_at, dated_on)
  SELECT $1, $7, participant_id, id, $8, $9, $10, $11, $12, $18, 1, $3, $4, $13 FROM episode
  RETURNING participant_id, id),
noted AS (
  INSERT INTO encounter_texts (tenant_id, id, participant_id, encounter_id, information, part, version, words, author,
    written_at, dated_on)
  SELECT $1, $14, participant_id, id, 'encounters', 'note', 1, $15, $3, $4, $13 FROM met)
INSERT INTO trail_entries (tenant_id, id, at, verb, actor_kind, actor_id, subject_kind, subject_id, details)
SELECT $1, $16, $4, 'encounter.recorded', 'staff', $3, 'participant', participant_id, $17 FROM met RETURNING id
"""
)
ACTS = {
    "participation_moves": "'participation' AS kind, at, to_state AS what, '' AS how, recorded_by AS by",
    "assignments": "'assignment', starts, part, '', staff_id",
    "encounters": "'encounter', at, state, kind, author",
    "accompaniments": "CASE information WHEN 'legal' THEN 'legal_step' ELSE 'accompaniment' END, at, state, kind,"
    " author",
    "reporting_decisions": "'reporting_decision', written_at, decision, recipient, decided_by",
    "contact_attempts": "'contact_attempt', at, channel, outcome, author",
    "vulnerable_dates": "'date', written_at, kind, '', author",
    "plan_moves": "kind, written_at, what, concat(from_state, ' ', to_state), author",
    "goal_stages": "'goal_stage', written_at, coalesce(stage, ''), '', author",
    "cycle_stages": "'cycle_stage', written_at, model, concat(stage, ' ', her_stage), author",
    "service_request_moves": "'service_request', written_at, to_state, '', author",
    "emergency_plans": "'emergency_plan', written_at, state, '', author",
    "emergency_plan_not_now": "'emergency_plan', written_at, '', '', author",
    "agenda_items": "'agenda_item', written_at, state, '', author",
    "recommendations": "'recommendation', written_at, state, '', author",
    "outing_invitations": "'outing', (SELECT o.at FROM outings o WHERE o.tenant_id = $1 AND o.id = outing_id),"
    " (SELECT o.activity FROM outings o WHERE o.tenant_id = $1 AND o.id = outing_id), concat(answer, ' ', attendance),"
    " author",
}
"""By table what its rows tell. Whoever reads for the team sees the requests of each organization."""
WRITTEN_AT = {"participation_moves": "at", "assignments": "starts", "contact_attempts": "at"}
OPEN_FILE = (
    HERS
    + """,
acts AS MATERIALIZED (SELECT * FROM ({acts}) AS every ORDER BY id DESC LIMIT 51),
looked AS (
  INSERT INTO trail_entries (tenant_id, id, at, verb, actor_kind, actor_id, subject_kind, subject_id, shown, details)
  SELECT $1, $7, $4, 'timeline.read', 'staff', $3, 'participant', participant,
    ARRAY(SELECT id FROM acts ORDER BY id DESC LIMIT 50), jsonb_build_object('token', $6::uuid) FROM ground)
SELECT participant, ARRAY(SELECT ROW(acts.*) FROM acts ORDER BY id DESC),
  (SELECT t.at FROM trail_entries t WHERE t.tenant_id = $1 AND t.subject_id = participant AND t.verb = 'timeline.read'
    AND t.actor_id = $3 ORDER BY t.id DESC LIMIT 1)
FROM ground
""".format(
        acts=" UNION ALL ".join(
            f"(SELECT id, {tells}, {WRITTEN_AT.get(table, 'written_at')} AS written_at FROM {table}"
            f" WHERE tenant_id = $1 AND participant_id = (SELECT id FROM her) AND id < $8 ORDER BY id DESC LIMIT 51)"
            for table, tells in ACTS.items()
        )
    )
)
FOLLOWED = "SELECT participant_id FROM assignments WHERE tenant_id = $1 AND staff_id = $2 AND ends > $3"
DAY = f"""
SELECT
  ARRAY(SELECT ROW(h.id) FROM hand_overs h WHERE h.tenant_id = $1 AND h.state = 'offered'
    AND (h.to_staff = $2 OR h.from_staff = $2 OR h.offered_by = $2)),
  ARRAY(SELECT ROW(e.id, p.id, p.code, e.at, e.kind, e.place)
    FROM encounters e JOIN participants p ON p.tenant_id = $1 AND p.id = e.participant_id
    WHERE e.tenant_id = $1 AND e.state = 'planned' AND e.at < $4 AND e.participant_id IN ({FOLLOWED})
    ORDER BY e.at, e.id),
  ARRAY(SELECT ROW(g.id, p.id, p.code, g.at, g.kind)
    FROM accompaniments g JOIN participants p ON p.tenant_id = $1 AND p.id = g.participant_id
    WHERE g.tenant_id = $1 AND g.state = 'planned' AND g.at < $4 AND g.participant_id IN ({FOLLOWED})
    ORDER BY g.at, g.id),
  ARRAY(SELECT ROW(p.id, p.code, a.part, n.state, c.id, c.content)
    FROM assignments a
    JOIN participants p ON p.tenant_id = $1 AND p.id = a.participant_id
    JOIN participations n ON n.tenant_id = $1 AND n.id = a.participation_id
    LEFT JOIN LATERAL (SELECT s.id, s.content FROM safe_contacts s
      WHERE s.tenant_id = $1 AND s.participant_id = p.id ORDER BY s.version DESC LIMIT 1) c ON true
    WHERE a.tenant_id = $1 AND a.staff_id = $2 AND a.ends > $3 ORDER BY a.id),
  ARRAY(SELECT ROW(d.id, p.id, p.code, d.kind, d.first_on, d.repeats, d.help_offered_for)
    FROM vulnerable_dates d JOIN participants p ON p.tenant_id = $1 AND p.id = d.participant_id
    WHERE d.tenant_id = $1 AND d.ended_at IS NULL AND d.participant_id IN ({FOLLOWED}) ORDER BY d.id),
  ARRAY(SELECT ROW(n.id, p.id, p.code, n.need, n.dated_on)
    FROM needs n JOIN participants p ON p.tenant_id = $1 AND p.id = n.participant_id
    WHERE n.tenant_id = $1 AND n.state = 'open' AND n.urgency = 'urgent' AND n.participant_id IN ({FOLLOWED})
    ORDER BY n.written_at, n.id),
  ARRAY(SELECT ROW(r.id, p.id, p.code, r.service, r.dated_on)
    FROM service_requests r JOIN participants p ON p.tenant_id = $1 AND p.id = r.participant_id
    WHERE r.tenant_id = $1 AND r.state IN ('sent', 'acknowledged') AND r.participant_id IN ({FOLLOWED}) ORDER BY r.id),
  ARRAY(SELECT ROW(t.id, p.id, p.code, t.state, t.ended_at)
    FROM transfers t JOIN participants p ON p.tenant_id = $1 AND p.id = t.participant_id
    WHERE t.tenant_id = $1 AND t.teller = $2 AND t.told_at IS NULL AND t.state IN ('accepted', 'refused', 'expired')
    ORDER BY t.id),
  ARRAY(SELECT ROW(n.participant_id, min(m.dated_on))
    FROM participations n JOIN participation_moves m ON m.tenant_id = $1 AND m.participation_id = n.id
    WHERE n.tenant_id = $1 AND n.state = 'active' AND m.to_state = 'active'
      AND n.participant_id IN ({FOLLOWED} AND part = 'pivot')
    GROUP BY n.participant_id ORDER BY n.participant_id),
  ARRAY(SELECT ROW(r.id) FROM recommendations r
    WHERE r.tenant_id = $1 AND r.told_on IS NULL AND r.state <> 'dropped' AND r.participant_id IN ({FOLLOWED})
    ORDER BY r.dated_on, r.id),
  EXISTS (SELECT FROM agenda_items i JOIN committee_meetings c ON c.tenant_id = $1 AND c.id = i.meeting_id
    WHERE i.tenant_id = $1 AND i.state = 'on' AND i.asked = 'not_reached' AND c.state = 'planned' AND c.ends_at > $3
      AND i.participant_id IN ({FOLLOWED}))
  OR EXISTS (SELECT FROM outing_invitations v JOIN outings o ON o.tenant_id = $1 AND o.id = v.outing_id
    WHERE v.tenant_id = $1 AND v.answer <> 'no' AND o.state <> 'called_off' AND o.at < $4 AND o.at > $5
      AND (o.at > $3 OR v.attendance IS NULL) AND v.participant_id IN ({FOLLOWED}))
  OR EXISTS (SELECT FROM drafts d WHERE d.tenant_id = $1 AND d.writer = $2)
"""
"""Of meetings, recommendations, outings and drafts nobody here has any: it is asked, and nothing is made of it."""
READ_AS = "SELECT set_config('app.reader_kind', $1, true)"
SAFETY = """
SELECT
  ARRAY(SELECT ROW(a.participant_id, a.opened_at) FROM emergency_accesses a
    WHERE a.tenant_id = $1 AND a.opened_at > $3 AND a.participant_id = ANY($2::uuid[]) ORDER BY a.opened_at DESC),
  ARRAY(SELECT ROW(p.participant_id, p.review_by) FROM emergency_plans p
    WHERE p.tenant_id = $1 AND p.state = 'agreed' AND p.participant_id = ANY($2::uuid[])),
  ARRAY(SELECT ROW(l.participant_id, l.ask_again_on) FROM (
    SELECT DISTINCT ON (n.participant_id) n.participant_id, n.ask_again_on FROM emergency_plan_not_now n
    WHERE n.tenant_id = $1 AND n.participant_id = ANY($2::uuid[]) ORDER BY n.participant_id, n.id DESC) l)
"""
"""Asked for the system, as the product does: her worker hears that there is no plan, whatever she may read of it."""
SHOWN = (
    "hand_overs.listed", "emergency_accesses.listed", "urgent_needs.listed", "recommendations.read",
    "emergency_plan.asked_for", "service_requests.read", "day.shown",
)  # fmt: skip
SHOWN_TODAY = "INSERT INTO trail_entries (tenant_id, at, actor_id, details, actor_kind, verb, id, shown) VALUES" + (
    ", ".join(f"($1, $2, $3, $4, 'staff', '{verb}', ${2 * at + 5}, ${2 * at + 6})" for at, verb in enumerate(SHOWN))
)


class Act(Struct):
    id: UUID
    kind: str
    at: dt.datetime
    what: str
    how: str
    by: UUID | None
    written_at: dt.datetime


class Reader(Struct):
    staff: UUID
    token: UUID
    organization: str = ""


async def who_reads(
    connection: asyncpg.Connection, tenant: Tenant, request: Request[Any, Any, Any], now: dt.datetime
) -> Reader:
    """Checks a token that acts as a worker, and says to the transaction for whom it reads."""
    return await _check(connection, tenant, request, now, "pivot_worker", "follow_up", "")


async def who_sits(
    connection: asyncpg.Connection, tenant: Tenant, request: Request[Any, Any, Any], now: dt.datetime
) -> Reader:
    """Does so with a token that acts as a member of a committee, for what she may discuss there."""
    return await _check(connection, tenant, request, now, "committee_member", "committee", "discuss")


async def _check(
    connection: asyncpg.Connection, tenant: Tenant, request: Request[Any, Any, Any], now: dt.datetime, role: str,
    purpose: str, act: str,
) -> Reader:  # fmt: skip
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not bearer.startswith("sph_"):
        raise NotAuthorizedException
    mark = hashlib.sha256(bearer.encode()).digest()
    row = await connection.fetchrow(WHO_READS, tenant.id, mark, now, purpose, act)
    if row is None:
        raise NotAuthorizedException
    if role not in row[3]:
        raise PermissionDeniedException
    if row[1] is None or row[1] <= now - dt.timedelta(minutes=1):
        await connection.execute(USED, tenant.id, row[0], now)
    return Reader(row[2], row[0], row[4])


def _mark(tenant: Tenant, code: str) -> bytes:
    return tenant.keys.blind("participant", "".join(c for c in code.upper() if c.isalnum()))


@post("/t/{slug:str}/api/participants/{code:str}/encounters")
async def write_encounter(slug: str, code: str, data: EncounterPosted, request: Request[Any, Any, Any]) -> Encounter:
    if request.headers.get("sec-fetch-site") == "cross-site" or request.headers.get("origin"):
        raise PermissionDeniedException
    tenant, now = tenant_of(slug), dt.datetime.now(dt.UTC)
    if data.at.tzinfo is None or (data.state == "held" and data.at > now):
        raise PermissionDeniedException
    at, day = data.at.astimezone(dt.UTC), data.at.astimezone(ZONE).date()
    id, text, words = uuid7(), uuid7(), data.note.strip()
    async with transaction(tenant.id) as connection:
        reader = await who_reads(connection, tenant, request, now)
        written = await connection.fetchval(
            WRITE, tenant.id, _mark(tenant, code), reader.staff, now, uuid7(), reader.token, id, data.state, data.kind,
            at, data.place, data.themes, day, text, tenant.keys.seal("encounter_texts", text, "words", words), uuid7(),
            {"encounter": str(id), "state": data.state, "kind": data.kind, "token": str(reader.token)},
            data.principles,
        )  # fmt: skip
        if written is None:
            raise NotFoundException
    return Encounter(
        id=id, version=1, state=data.state, kind=data.kind, at=at, place=data.place, themes=data.themes,
        principles=data.principles, note=words, her_words="", addenda=[], author=reader.staff, written_at=now,
    )  # fmt: skip


@get("/t/{slug:str}/api/my-day")
async def my_day(slug: str, request: Request[Any, Any, Any]) -> MyDay:
    tenant, now, language = tenant_of(slug), dt.datetime.now(dt.UTC), language_of(request)
    here = now.astimezone(ZONE)
    today = here.date()
    keys = tenant.keys
    async with transaction(tenant.id) as connection:
        reader = await who_reads(connection, tenant, request, now)
        offers, planned, going, followed, dates, needs, requests, _, active, to_tell, other = await connection.fetchrow(
            DAY, tenant.id, reader.staff, now, now + AHEAD, now - AFTERWARDS
        )
        await connection.execute(READ_AS, "system")
        opened, agreed, later = await connection.fetchrow(
            SAFETY, tenant.id, [row[0] for row in active], now - OPENED_LATELY
        )
        await connection.execute(READ_AS, "person")
        asked = _to_talk_about(active, dict(agreed), dict(later), today)
        if other or to_tell or opened or asked:
            raise NotImplementedError  # nobody here has any
        codes = {row[0]: keys.open("participants", row[0], "code", row[1]).decode() for row in followed}
        near = []
        for id, her, _, kind, first, repeats, offered in dates:
            day = next_day(first, repeats, today)
            if day is not None and is_near(kind, day, today) and offered != day:
                near.append(DateAhead(id, codes[her], kind, day))
        near.sort(key=lambda each: (each.on, each.id))
        shown = [*codes, *(row[0] for row in planned), *(row[0] for row in going), *(each.id for each in near)]
        listed = [[row[0] for row in rows] for rows in (offers, opened, needs, to_tell)]
        listed += [asked, [row[0] for row in requests], shown]
        entries = [value for ids in listed for value in (uuid7(), ids)]
        await connection.execute(SHOWN_TODAY, tenant.id, now, reader.staff, {"token": str(reader.token)}, *entries)
    reachable = []
    for her, _, _, _, contact, content in followed:
        if content is not None:
            record = msgspec.json.decode(keys.open("safe_contacts", contact, "content", content), type=SafeContact)
            if channels := _open_now(record, here):
                reachable.append(ReachableNow(codes[her], channels))
    texts = TEXTS[language]
    urgent = [DayLine(codes[her], texts[f"need {need}"], "plan", on=day) for _, her, _, need, day in needs]
    return MyDay(
        promised=[
            PlannedEncounter(id, codes[her], at, kind, place, at < now) for id, her, _, at, kind, place in planned
        ],
        accompaniments=[PlannedAccompaniment(id, codes[her], at, kind, at < now) for id, her, _, at, kind in going],
        expected=[],
        reachable=reachable,
        dates=near,
        hand_overs=[],
        more=[DayPart("urgent_needs", texts["Urgent needs that nothing meets yet"], urgent)] if urgent else [],
        without_pivot=[],
        files=[FileFollowed(codes[her], part, state) for her, _, part, state, _, _ in followed],
    )


def _to_talk_about(
    active: list[Any], agreed: dict[UUID, dt.date | None], later: dict[UUID, dt.date], today: dt.date
) -> list[UUID]:
    """Returns with whom an emergency plan is to be talked about."""
    return [
        her
        for her, since in active
        if asked_for(
            active_on=since, today=today, days=PLAN_DAYS, agreed=her in agreed, review_by=agreed.get(her),
            ask_again_on=later.get(her),
        )
    ]  # fmt: skip


def _open_now(record: SafeContact, here: dt.datetime) -> list[Any]:
    said = record.language or "fr-CA"
    return [
        each.channel
        for each in record.channels
        if isinstance(
            may_reach(
                record, ContactAsked(each.channel, here, language=said), confirmed_for=CONFIRMED_FOR, texts=PROOFREAD
            ),
            ContactAllowed,
        )
    ]


@get("/t/{slug:str}/api/participants/{code:str}/timeline")
async def open_file(slug: str, code: str, request: Request[Any, Any, Any], cursor: str = "") -> Timeline:
    tenant, now, language = tenant_of(slug), dt.datetime.now(dt.UTC), language_of(request)
    before = UUID(int=(1 << 128) - 1)
    if cursor:
        raise NotFoundException  # nobody turns the page here
    async with transaction(tenant.id) as connection:
        reader = await who_reads(connection, tenant, request, now)
        row = await connection.fetchrow(
            OPEN_FILE, tenant.id, _mark(tenant, code), reader.staff, now, uuid7(), reader.token, uuid7(), before
        )
        if row is None:
            raise NotFoundException
    her, rows, looked = row
    acts = [Act(*each) for each in rows]
    items = [
        TimelineLine(
            act.id, act.kind, act.at, _line(act, TEXTS[language]), act.by, looked is None or act.written_at > looked
        )
        for act in acts[:PAGE]
    ]
    onward = None
    if len(acts) > PAGE:
        last = items[-1].id
        mark = tenant.keys.blind(f"cursor timeline {her}    ", last.hex)
        onward = base64.urlsafe_b64encode(last.bytes + mark).decode().rstrip("=")
    return Timeline(items, onward, looked)


MET = {
    "planned": "An encounter is planned",
    "held": "An encounter took place",
    "missed": "An encounter did not come about",
    "cancelled": "An encounter was called off",
}
HOW = {
    "in_person": "in person",
    "phone": "by phone",
    "video": "by video",
    "messages": "by messages",
    "accompaniment": "accompanied somewhere",
    "group": "in a group",
}
CHANNELS = {"phone": "Telephone call", "in_person": "In person"}
OUTCOMES = {"reached": "Reached her", "no_answer": "No answer"}


def _line(act: Act, texts: dict[str, str]) -> str:
    if act.kind == "encounter":
        return texts["{line} ({detail})"].format(line=texts[MET[act.what]], detail=texts[HOW[act.how]])
    return texts["{channel}: {outcome}"].format(channel=texts[CHANNELS[act.what]], outcome=texts[OUTCOMES[act.how]])


HANDLERS: list[Any] = [write_encounter, my_day, open_file]
