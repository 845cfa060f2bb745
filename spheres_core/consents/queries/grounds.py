"""Joins a list with the standing and the line of a consent that let each of its rows be shown, for the trail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, exists
from sqlalchemy.dialects.postgresql import distinct_on

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import PARAMETERS, Permitted, reach_of_class

T = TypeVar("T", bound=tuple[Any, ...])


class Grounded(Protocol):
    """A row of a list with what lets it be shown."""

    @property
    def standing(self) -> UUID: ...

    @property
    def entry(self) -> UUID | None:
        """None where the standing needs no consent."""


def ground_of(information: str) -> CTE:
    """Returns what lets the reader know of each participant for a class, made once a statement."""
    return reach_of_class(PARAMETERS, "read", information, named=True).cte("ground")


def with_grounds(
    asked: Select[T], participant: ColumnElement[Any], ground: CTE, dated_on: ColumnElement[Any]
) -> Select[Any]:
    """Returns a query of one row for each participant that gives only those the reader may see, each with `standing`
    and `entry`.

    It carries the rule as `readable.permitted` does, and asks the ledger once for both. The order of the query must
    begin with the participant. `ground`: from `ground_of`, for other conditions of the query too.
    """
    return (
        asked.add_columns(ground.c.standing, ground.c.entry)
        .join(ground, ground.c.participant_id == participant)
        .where(ground.c.first_day <= dated_on, dated_on <= ground.c.last_day)
        .ext(distinct_on(participant))
    )


def is_known(ground: CTE, participant: ColumnElement[Any], dated_on: ColumnElement[Any]) -> ColumnElement[bool]:
    """Returns the condition that the ground lets the reader know of a row: `permitted` of the same set."""
    known = ground.alias("known")
    return Permitted(
        exists().where(
            known.c.participant_id == participant, known.c.first_day <= dated_on, dated_on <= known.c.last_day
        )
    )


def let_by(shown: Sequence[Grounded]) -> audit.LetBy:
    """Returns what an entry of the trail says of a list: a standing and an entry for each that was shown, in order."""
    return [each.standing for each in shown], [each.entry for each in shown]
