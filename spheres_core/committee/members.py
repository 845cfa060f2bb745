"""Who takes part in a meeting, and to whom one item of its agenda is opened."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from spheres_core.committee.schemas.meetings import SeatFound
from spheres_core.consents.rule import may
from spheres_core.consents.schemas import TEAM, Allowed, ConsentEntry, Exclusion, Question, Standing

Decides = tuple[Sequence[Standing], Sequence[ConsentEntry], Sequence[Exclusion]]
"""Everything that decides about a participant."""


def holds(seat: SeatFound, on: dt.date) -> bool:
    """Returns whether a seat holds on a day: from its first day to its last, both included."""
    return seat.starts <= on and (seat.ends is None or on <= seat.ends)


def attending(seats: Sequence[SeatFound], on: dt.date, absent: Mapping[UUID, UUID | None]) -> list[SeatFound]:
    """Returns the seats that count in a meeting on a day: a substitute's only in place of one that is absent.

    `absent`: by seat, the one substitute's seat that was named; None where whoever may stands in.
    """

    def stands_in(each: SeatFound) -> bool:
        of = each.substitute_for
        return of is not None and of in absent and absent[of] in (None, each.id)

    counting = [
        each
        for each in seats
        if holds(each, on) and each.id not in absent and (each.substitute_for is None or stands_in(each))
    ]
    return list({each.staff_id: each for each in counting}.values())


def seated(
    members: Sequence[SeatFound],
    *,
    recused: Collection[UUID],
    police: Collection[str],
    named: Collection[str],
) -> list[SeatFound]:
    """Returns to whom of a meeting's members one participant's item is opened.

    `recused`: members of staff who stay out of what is about her. `police`: organizations of the police, which get an
    item only where it is `named` for them.
    """
    return [
        each
        for each in members
        if each.staff_id not in recused and (each.organization not in police or each.organization in named)
    ]


def may_discuss(
    tenant: UUID, participant: UUID, member: SeatFound, classes: Collection[str], decisive: Decides, *,
    on: dt.date, now: dt.datetime,
) -> dict[str, UUID]:  # fmt: skip
    """Returns which classes of information about a day a member could discuss of somebody if an item was opened to
    her, each with the line of a consent that would let her."""
    _, entries, exclusions = decisive
    recipient = member.organization or TEAM
    standing = Standing(
        tenant, participant, participant, "committee", member.staff_id, recipient, frozenset(classes),
        frozenset({"discuss"}), "committee", now, now + dt.timedelta(seconds=1),
    )  # fmt: skip
    found = {}
    for each in sorted(classes):
        asked = Question(tenant, participant, member.staff_id, member.organization, "discuss", each, "committee", on)
        decision = may(asked, [standing], entries, exclusions, now)
        if isinstance(decision, Allowed) and decision.entry is not None:
            found[each] = decision.entry
    return found
