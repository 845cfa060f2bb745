"""Names of the data that forms collect by the meaning of a question, and how each is kept."""

from __future__ import annotations

from typing import Final

from spheres_core.facts import Message, msg

DATA: Final[dict[str, Message]] = {
    "knows": msg("whether the young person knows of the referral"),
    "agrees_to_contact": msg("whether the young person agrees to be contacted"),
    "age": msg("age"),
    "birth_date": msg("date of birth"),
    "age_band": msg("age range"),
    "language": msg("preferred language"),
    "participant_name": msg("name"),
    "participant_phone": msg("telephone of the young person"),
    "participant_email": msg("e-mail of the young person"),
    "safe_contact": msg("where the young person can safely be reached"),
    "safe_contact_how": msg("by which means"),
    "safe_contact_when": msg("when"),
    "keep_away": msg("whether somebody should stay out of it"),
    "keep_away_who": msg("who should stay out of it"),
    "referrer_name": msg("name of the referrer"),
    "referrer_role": msg("work of the referrer"),
    "referrer_organization": msg("organization of the referrer"),
    "referrer_email": msg("e-mail of the referrer"),
    "referrer_phone": msg("telephone of the referrer"),
    "community": msg("community"),
    "need": msg("needs"),
    "her_words": msg("her own words"),
}
"""Names of the data that a form collects, by the meaning of the question."""

CODES: Final[dict[str, Message]] = {
    "yes": msg("yes"),
    "no": msg("no"),
    "not_yet": msg("not for now"),
    "unsure": msg("not sure"),
    "unknown": msg("not known"),
    "under_12": msg("under 12"),
    "12-13": msg("12 or 13"),
    "14-17": msg("14 to 17"),
    "18-24": msg("18 to 24"),
    "25_plus": msg("25 or over"),
    "safety": msg("safety"),
    "housing": msg("housing, shelter"),
    "food": msg("food, basic goods"),
    "income": msg("income, money"),
    "health": msg("physical and sexual health"),
    "mental_health": msg("mental health, trauma"),
    "substance_use": msg("substance use"),
    "justice": msg("justice, legal steps"),
    "identity_papers": msg("identity papers"),
    "school": msg("school"),
    "work": msg("work"),
    "relationships": msg("relationships, family, close ones"),
    "belonging": msg("belonging, identity, self-esteem"),
    "leisure": msg("leisure"),
    "culture": msg("culture, language, spirituality"),
    "parenting": msg("parenting"),
    "immigration": msg("immigration"),
    "transport": msg("transport, means of communication"),
    "other": msg("other"),
}
"""Words for the codes that a region's own choices are counted as."""

CLEAR: Final = frozenset({"knows", "agrees_to_contact", "age", "age_band", "language", "community", "need"})
"""Meanings that the core keeps in the clear, to count and to sort by."""
COMPARED: Final = frozenset({"participant_name", "birth_date", "participant_phone", "participant_email"})
"""Meanings of which the core also keeps a mark that only equal values share, to propose duplicates."""

KEPT: Final[dict[str, Message]] = {
    "clear": msg("kept in the clear, so that it can be counted"),
    "compared": msg("sealed; compared with other referrals by a mark that tells nothing else"),
    "sealed": msg("sealed: readable only to those who may open the referral"),
    "on_record": msg("sealed: readable only to those who may open the record"),
}


def collected(meaning: str) -> Message:
    """Returns what a question with a meaning collects: the core's own, or what a plugin reads."""
    return DATA.get(meaning) or msg("what the plugin {plugin} reads", plugin=meaning.partition(":")[0])
