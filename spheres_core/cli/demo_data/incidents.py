"""Writes incidents for the demo's register: one that is open, one that is closed. They are about nobody."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import structs

from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.privacy.operations import incidents
from spheres_core.privacy.schemas.incidents import IncidentPosted

OPEN: Final = (
    "Un téléphone de travail est resté dans un autobus. Il était verrouillé; il contenait des messages d’horaire.",
    "La ligne est suspendue et l’appareil est effacé à distance.",
)
CLOSED: Final = (
    "Un horaire d’activité est parti à la mauvaise boîte de courriel de l’équipe. Il ne nommait personne.",
    "Le message est supprimé des deux boîtes; l’adresse est corrigée.",
)


async def record_all(ctx: Context, officer: UUID) -> None:
    """Writes two incidents down by the privacy officer, and closes the older one."""
    acting = structs.replace(ctx, actor=Actor("staff", officer, frozenset({"privacy_officer"})))
    days = {ago: ctx.today - dt.timedelta(days=ago) for ago in (3, 40, 41)}
    closed = IncidentPosted(
        "wrong_person", days[40], CLOSED[0], days[41], 0, CLOSED[1], "no", "Rien n’y dit de qui que ce soit.",
        confirmed=True,
    )  # fmt: skip
    id = await incidents.record_incident(acting, closed)
    await incidents.close_incident(acting, id, 1)
    lost = IncidentPosted("lost_device", days[3], OPEN[0], days[3], None, OPEN[1], confirmed=True)
    await incidents.record_incident(acting, lost)
