"""Says what one member may discuss in a meeting."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
from babel import dates
from litestar import Request, get
from litestar.exceptions import NotFoundException

from benchmarks.floor.files import Reader, who_sits
from benchmarks.floor.transactions import TEXTS, ZONE, language_of, tenant_of, transaction, uuid7
from spheres_core.committee.schemas.agenda import Brief, BriefItem, BriefPart
from spheres_core.committee.schemas.meetings import Meeting
from spheres_core.foundation.encryption import TenantKeys
from spheres_core.foundation.plugins.bodies import BriefLine

PARTS = {"strengths": "What she can build on", "goals": "What she wants", "needs": "What she needs"}
"""Titles of the parts that draw on a plan, in their order. Others have nothing here."""
BRIEF = """
WITH reached AS MATERIALIZED (
  SELECT s.participant_id, e.information, e.first_day, e.last_day, s.id AS standing, e.id AS entry
  FROM standings s JOIN consent_entries e
    ON e.tenant_id = $1 AND e.participant_id = s.participant_id AND e.recipient = s.recipient
  WHERE s.tenant_id = $1 AND s.staff_id = $2 AND s.recipient = $3 AND s.purpose = 'committee' AND s.starts <= $4
    AND $4 < s.ends AND 'discuss' = ANY(s.acts) AND e.information = ANY(s.classes) AND e.purpose = 'committee'
    AND e.act = 'discuss' AND e.starts <= $4 AND $4 < e.ends
    AND NOT EXISTS (SELECT FROM exclusions x WHERE x.tenant_id = $1 AND x.participant_id = s.participant_id
      AND x.starts <= $4 AND $4 < x.ends AND (x.staff_id = $2 OR x.organization = $3)
      AND x.information IN ('', e.information))),
items AS MATERIALIZED (
  SELECT i.* FROM agenda_items i JOIN reached r
    ON r.participant_id = i.participant_id AND r.information = 'committee' AND r.first_day <= i.dated_on
    AND i.dated_on <= r.last_day
  WHERE i.tenant_id = $1 AND i.meeting_id = $5 AND i.state = 'on' AND EXISTS (SELECT FROM standings s
    WHERE s.tenant_id = $1 AND s.opened_by_kind = 'agenda_item' AND s.opened_by_id = i.id AND s.staff_id = $2
      AND s.starts <= $4 AND $4 < s.ends)),
drawn AS MATERIALIZED (
  SELECT r.*, i.id AS item FROM reached r JOIN items i ON i.participant_id = r.participant_id
  WHERE r.information IN ('committee', 'participation', 'own_words') OR r.information = ANY(i.shares)),
plans AS MATERIALIZED (
  SELECT participant_id, first_day, last_day FROM drawn WHERE information = 'needs_and_plan'),
said AS MATERIALIZED (
  SELECT DISTINCT ON (t.about, t.part) t.about, t.part, t.id, t.words
  FROM committee_texts t JOIN drawn r ON r.participant_id = t.participant_id AND r.information = t.information
    AND r.first_day <= t.dated_on AND t.dated_on <= r.last_day
  WHERE t.tenant_id = $1 AND t.about IN (SELECT id FROM items) ORDER BY t.about, t.part, t.id DESC),
lines AS MATERIALIZED (
  SELECT 'strengths' AS part, l.id, l.participant_id, '' AS need FROM strengths l JOIN plans r USING (participant_id)
  WHERE l.tenant_id = $1 AND r.first_day <= l.dated_on AND l.dated_on <= r.last_day
  UNION ALL SELECT 'goals', l.id, l.participant_id, '' FROM goals l JOIN plans r USING (participant_id)
  WHERE l.tenant_id = $1 AND l.state IN ('active', 'proposed') AND r.first_day <= l.dated_on
    AND l.dated_on <= r.last_day
  UNION ALL SELECT 'needs', l.id, l.participant_id, l.need FROM needs l JOIN plans r USING (participant_id)
  WHERE l.tenant_id = $1 AND l.state = 'open' AND r.first_day <= l.dated_on AND l.dated_on <= r.last_day),
worded AS MATERIALIZED (
  SELECT DISTINCT ON (t.about) t.about, t.id, t.words FROM plan_texts t JOIN drawn r
    ON r.participant_id = t.participant_id AND r.information = t.information AND r.first_day <= t.dated_on
    AND t.dated_on <= r.last_day
  WHERE t.tenant_id = $1 AND t.part = 'what' AND t.about IN (SELECT id FROM lines) ORDER BY t.about, t.id DESC),
looked AS (
  INSERT INTO trail_entries (tenant_id, id, at, verb, actor_kind, actor_id, subject_kind, subject_id, shown, details,
    standings, entries)
  SELECT $1, $6, $4, 'meeting.brief_read', 'staff', $2, 'meeting', $5,
    ARRAY(SELECT id FROM items ORDER BY number),
    jsonb_build_object('meeting', $5::uuid, 'token', $7::uuid),
    ARRAY(SELECT DISTINCT standing FROM drawn ORDER BY 1), ARRAY(SELECT DISTINCT entry FROM drawn ORDER BY 1)
  FROM committee_meetings WHERE tenant_id = $1 AND id = $5)
SELECT m.version, m.body, m.at, m.ends_at, m.place, m.state,
  ARRAY(SELECT ROW(i.id, i.participant_id, i.number, i.carried) FROM items i ORDER BY i.number),
  ARRAY(SELECT ROW(p.id, p.code) FROM participants p JOIN drawn r ON r.participant_id = p.id
    AND r.information = 'participation' AND r.first_day <= p.dated_on AND p.dated_on <= r.last_day
    WHERE p.tenant_id = $1),
  ARRAY(SELECT ROW(about, part, id, words) FROM said WHERE words IS NOT NULL),
  ARRAY(SELECT ROW(l.part, l.participant_id, l.need, w.id, w.words) FROM lines l
    LEFT JOIN worded w ON w.about = l.id ORDER BY l.id),
  EXISTS (SELECT FROM recommendations o JOIN items i ON i.participant_id = o.participant_id
    JOIN agenda_items a ON a.tenant_id = $1 AND a.id = o.item_id
    WHERE o.tenant_id = $1 AND o.state = 'open' AND o.due_on < $8 AND a.meeting_id <> $5),
  EXISTS (SELECT FROM drawn r WHERE NOT EXISTS (SELECT FROM disclosures d WHERE d.tenant_id = $1
    AND d.recipient = $3 AND d.left_by_kind = 'agenda_item' AND d.left_by_id = r.item
    AND d.information = r.information))
FROM committee_meetings m WHERE m.tenant_id = $1 AND m.id = $5
"""


@get("/t/{slug:str}/api/meetings/{meeting:uuid}/brief")
async def read_brief(slug: str, meeting: UUID, request: Request[Any, Any, Any]) -> Brief:
    tenant, now, language = tenant_of(slug), dt.datetime.now(dt.UTC), language_of(request)
    async with transaction(tenant.id) as connection:
        reader = await who_sits(connection, tenant, request, now)
        found = await _ask(connection, tenant.id, meeting, reader, now)
        if found is None:
            raise NotFoundException
        version, body, at, ends_at, place, state, items, codes, said, lines, is_overdue, is_new = found
        if is_overdue or is_new:
            raise NotImplementedError  # nothing here is overdue, and the product has shown each brief before
    texts, day = TEXTS[language], at.astimezone(ZONE).date()
    title = texts["Meeting of {day}"].format(day=_in_words(day, language))
    where = tenant.keys.open("committee_meetings", meeting, "place", place).decode()
    shown = Meeting(meeting, version, body, title, at, ends_at, where, state)
    named = {her: tenant.keys.open("participants", her, "code", code).decode() for her, code in codes}
    words = {
        (about, part): tenant.keys.open("committee_texts", id, "words", sealed).decode()
        for about, part, id, sealed in said
    }
    parts = _parts(lines, texts, tenant.keys)
    return Brief(
        shown,
        [
            BriefItem(words.get((id, "wants_said"), ""), number, named.get(her), words.get((id, "question"), ""),
                      carried, parts.get(her, []))
            for id, her, number, carried in items
        ],
    )  # fmt: skip


async def _ask(
    connection: asyncpg.Connection, tenant: UUID, meeting: UUID, reader: Reader, now: dt.datetime
) -> Sequence[Any] | None:
    found: Sequence[Any] | None = await connection.fetchrow(
        BRIEF, tenant, reader.staff, reader.organization, now, meeting, uuid7(), reader.token,
        now.astimezone(ZONE).date(),
    )  # fmt: skip
    return found


def _parts(lines: Sequence[Any], texts: dict[str, str], keys: TenantKeys) -> dict[UUID, list[BriefPart]]:
    found: dict[UUID, dict[str, list[BriefLine]]] = {}
    for part, her, need, id, sealed in lines:
        said = keys.open("plan_texts", id, "words", sealed).decode() if sealed else ""
        line = BriefLine(said, texts[f"need {need}"] if need else "")
        if line.text or line.label:
            found.setdefault(her, {}).setdefault(part, []).append(line)
    return {
        her: [BriefPart(name, texts[title], of_her[name]) for name, title in PARTS.items() if name in of_her]
        for her, of_her in found.items()
    }


def _in_words(day: dt.date, language: str) -> str:
    written = dates.format_date(day, "long", locale=language.replace("-", "_"))
    return written.replace("1 ", "1er ", 1) if day.day == 1 and language.startswith("fr") else written


HANDLERS: list[Any] = [read_brief]
