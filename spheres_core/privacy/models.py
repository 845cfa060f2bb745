"""The register of incidents."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Date, Index, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key


class Incident(Base):
    """Something that happened to private information. It names nobody whom it is about."""

    __tablename__ = "incidents"
    __table_args__ = (own_tenant(), Index(None, "tenant_id", "state", "id"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    """open or closed."""
    kind: Mapped[str] = mapped_column(Text)
    found_on: Mapped[dt.date] = mapped_column(Date)
    happened_on: Mapped[dt.date | None] = mapped_column(Date)
    persons: Mapped[int | None] = mapped_column(Integer)
    """About how many persons; None while nobody knows."""
    happened: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed: what happened."""
    done: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: what was done."""
    risk: Mapped[str] = mapped_column(Text)
    """not_yet, yes or no: whether a person judges that there is a risk of serious injury."""
    risk_reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: why."""
    commission_told_on: Mapped[dt.date | None] = mapped_column(Date)
    persons_told_on: Mapped[dt.date | None] = mapped_column(Date)
    recorded_by: Mapped[UUID | None]
    recorded_at: Mapped[dt.datetime]
    judged_by: Mapped[UUID | None]
    """Member of staff who judged the risk last."""
    closed_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(Integer)
    investigated_by: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: who said that an investigation goes on, which telling the persons would hamper."""
    investigated_since: Mapped[dt.date | None] = mapped_column(Date)
    investigated_until: Mapped[dt.date | None] = mapped_column(Date)
    """The day on which it ended, or hindered nobody any more; None while it goes on."""
