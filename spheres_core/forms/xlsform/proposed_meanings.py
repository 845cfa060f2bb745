"""Proposes meanings for the questions of a form that was written without any, by what they are called and say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from spheres_core.facts import Message, msg
from spheres_core.forms.meanings import MEANINGS, REQUIRED_OF_A_REFERRAL
from spheres_core.forms.references import QuestionNames
from spheres_core.forms.schemas import Form, Question
from spheres_core.foundation.content.packs import Finding
from spheres_core.foundation.content.text_comparison import fold_letters

ADVICE: Final = "advice"
"""The severity of a finding that stands against nothing."""
_REFERRER: Final = r"\b(?:referr|referent|worker|intervenant|travailleu|professionn|sender|your |votre |vos )"
_SOMEBODY_ELSE: Final = re.compile(
    r"\b(?:mothers?|fathers?|parents?|guardians?|caregivers?|spouses?|brothers?|sisters?|siblings?|children|household|"
    r"family|interviewers?|enumerators?|surveyors?|mere|pere|tuteur|tutrice|conjointe?|freres?|soeurs?|enfants?|"
    r"menage|famille|enqueteu\w*|emergency|urgence|school|ecole|village|street|rue)\b"
)


class _Cue(NamedTuple):
    meaning: str
    words: str
    """A pattern that is looked for in the name and the labels, folded."""
    is_persons: bool = False
    """Whether the question must be about the young person: nobody else is named in it."""


def _of_referrer(words: str) -> str:
    return rf"{_REFERRER}.*(?:{words})|(?:{words}).*{_REFERRER}"


_CUES: Final = (
    _Cue("referrer_email", _of_referrer(r"\be mail\b|\bemail\b|\bcourriel\b")),
    _Cue("referrer_phone", _of_referrer(r"phone\b|\btelephone\b|\btel\b|\bmobile\b")),
    _Cue("referrer_organization", _of_referrer(r"organi[sz]ation|organisme|agency|etablissement")),
    _Cue("referrer_role", _of_referrer(r"\brole\b|\bfonction\b|\bposition\b|\bjob\b|\btitre\b|\btitle\b|\bposte\b")),
    _Cue("referrer_name", _of_referrer(r"\bname\b|\bnom\b") + r"|\breferred by\b"),
    _Cue("birth_date", r"\bdob\b|birth ?da(?:te|y)|date of birth|date de naissance|\bnaissance\b", is_persons=True),
    _Cue("age_band", r"\bage (?:group|band|range|bracket)|(?:groupe|tranche) d ?age", is_persons=True),
    _Cue("age", r"\bage\b", is_persons=True),
    _Cue("safe_contact_when", r"(?:when|best time|quand|moment|heure).*(?:contact|call|reach|joindre|appel)"),
    _Cue("safe_contact_how", r"(?:how|means?|method|way|comment|moyens?|facon).*(?:contact|reach|joindre)"),
    _Cue("safe_contact", r"safe\w* .*(?:contact|reach|call)|(?:joindre|contacter).*securit"),
    _Cue("agrees_to_contact", r"\bconsent\w*|\bagrees?\b|\baccepte\w*|\bd accord\b|\baccord\b"),
    _Cue("knows", r"\bknows? (?:about|that|of)\b|\baware\b|\bau courant\b|\bsait (?:elle|il|que)\b|\binformee?\b"),
    _Cue("keep_away_who", r"(?:who|qui).*(?:keep away|stay out|a l ecart)"),
    _Cue("keep_away", r"\bkeep away\b|\bstay out\b|\bstay away\b|a l ecart\b"),
    _Cue("language", r"\blanguage\b|\blangue\b", is_persons=True),
    _Cue("participant_email", r"\be mail\b|\bemail\b|\bcourriel\b", is_persons=True),
    _Cue("participant_phone", r"phone\b|\btelephone\b|\btel\b|\bcell\w*|\bmobile\b", is_persons=True),
    _Cue("participant_name", r"\bname\b|\bnom\b|\bprenom\b", is_persons=True),
    _Cue("community", r"\bcommunity\b|\bcommunaute\b|municipalit\w+|\bcity\b|\btown\b|\bville\b"),
    _Cue(
        "need",
        r"\bneeds?\b|\bbesoins?\b|reason (?:for|of) (?:the )?referral|\bmotifs?\b|services? (?:needed|asked)",
    ),
    _Cue("equipped", r"\b(?:how|to what extent|a quel point).*(?:equipped|outille|outils)|feel equipped"),
)
LOOKS_LIKE: Final[Mapping[str, Message]] = {
    "knows": msg("This looks like whether the person knows about the referral."),
    "agrees_to_contact": msg("This looks like whether the person agrees to be contacted."),
    "age": msg("This looks like the person's age."),
    "birth_date": msg("This looks like the person's date of birth."),
    "age_band": msg("This looks like a range of the person's age."),
    "language": msg("This looks like the language that the person prefers."),
    "participant_name": msg("This looks like the person's name."),
    "participant_phone": msg("This looks like the person's own telephone."),
    "participant_email": msg("This looks like the person's own e-mail address."),
    "safe_contact": msg("This looks like where the person can safely be reached."),
    "safe_contact_how": msg("This looks like how it is safe to reach the person."),
    "safe_contact_when": msg("This looks like when it is safe to reach the person."),
    "keep_away": msg("This looks like whether somebody should be kept away."),
    "keep_away_who": msg("This looks like who should be kept away."),
    "referrer_name": msg("This looks like the name of who refers."),
    "referrer_role": msg("This looks like the work of who refers."),
    "referrer_organization": msg("This looks like the organization of who refers."),
    "referrer_email": msg("This looks like the e-mail address of who refers."),
    "referrer_phone": msg("This looks like the telephone of who refers."),
    "community": msg("This looks like where the person lives."),
    "need": msg("This looks like what the person needs."),
    "equipped": msg("This looks like how equipped who asks for advice feels."),
}


class ProposedMeaning(NamedTuple):
    """A meaning that a question may have."""

    question: Question
    meaning: str

    @property
    def message(self) -> Message:
        return LOOKS_LIKE[self.meaning]


def proposed_meanings(form: Form) -> Iterator[ProposedMeaning]:
    """Yields a question for each meaning that the form does not ask yet and seems to: the first that it fits."""
    names = QuestionNames(form)
    asked = {question.meaning for question in form.walk() if question.meaning}
    free = [each for each in form.walk() if not each.meaning and not names.repeats_above(each.path)]
    said = {question.path: _said(question) for question in free}
    for cue in _CUES:
        if cue.meaning in asked:
            continue
        for question in free:
            if question.kind in MEANINGS[cue.meaning].kinds and _fits(cue, said[question.path]):
                yield ProposedMeaning(question, cue.meaning)
                free.remove(question)
                break


def lacking_meanings(form: Form) -> tuple[tuple[str, ...], ...]:
    """Returns what a referral form still lacks, of each group one is enough: neither asked nor proposed."""
    there = {question.meaning for question in form.walk()} | {each.meaning for each in proposed_meanings(form)}
    return tuple(group for group in REQUIRED_OF_A_REFERRAL if not there.intersection(group))


def advice(form: Form, rows: Mapping[str, int], file: str) -> Iterator[Finding]:
    """Yields proposals at the cells in which meanings would be written, and what a referral form still lacks."""
    for proposed in sorted(proposed_meanings(form), key=lambda each: rows.get(each.question.path, 0)):
        place = rows.get(proposed.question.path)
        yield Finding(file, proposed.message, key=proposed.meaning, sheet="survey", row=place, column="meaning",
                      severity=ADVICE)  # fmt: skip
    for group in lacking_meanings(form):
        said = msg("A referral form must ask one of these meanings: {meanings}.", meanings=", ".join(group))
        yield Finding(file, said, sheet="survey", column="meaning", severity=ADVICE)


def _fits(cue: _Cue, said: str) -> bool:
    if cue.is_persons and (_SOMEBODY_ELSE.search(said) or re.search(_REFERRER, said)):
        return False
    return re.search(cue.words, said) is not None


def _said(question: Question) -> str:
    """Returns what a question is called and says, in small letters without accents and marks."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", question.name)
    return " ".join(re.sub(r"[\W_]+", " ", fold_letters(" ".join([name, *question.labels.values()]))).split())
