"""Answers kept by idempotency key belong to any act, not to referrals alone."""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_NAMES = ("referral_replays", "idempotency_answers")


def upgrade() -> None:
    """Renames the table. Answers of the last day are forgotten: they were sealed under the old name."""
    _rename(*_NAMES)


def downgrade() -> None:
    """Gives the table its old name, without the answers of the last day."""
    _rename(*reversed(_NAMES))


def _rename(old: str, new: str) -> None:
    op.execute(f"TRUNCATE {old}")
    op.rename_table(old, new)
    op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT pk_{old} TO pk_{new}")
    op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT fk_{old}_tenant_id TO fk_{new}_tenant_id")
