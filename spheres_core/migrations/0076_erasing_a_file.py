"""Erasing a participant's file: in the same table as erasures of referrals, and held as these are."""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

HOLDS = "erasure_holds"
FORMER = "referral_erasures"
NAMED = {"pk": "", "fk": "_tenant_id"}
"""Constraints of the table of erasures, by kind what stands after its name in theirs."""


def upgrade() -> None:
    """Lets both tables say about whom: the person of a referral, or of a file."""
    _rename(FORMER, "erasures", "referral_id", "subject_id")
    op.add_column("erasures", sa.Column("subject_kind", sa.Text(), nullable=False, server_default="referral"))
    op.alter_column("erasures", "subject_kind", server_default=None)
    op.alter_column(HOLDS, "referral_id", nullable=True)
    op.add_column(HOLDS, sa.Column("participant_id", sa.Uuid()))
    op.create_foreign_key(
        f"fk_{HOLDS}_tenant_id_participant_id", HOLDS, "participants", ["tenant_id", "participant_id"],
        ["tenant_id", "id"], ondelete="CASCADE",
    )  # fmt: skip
    op.create_index(f"ix_{HOLDS}_tenant_id_participant_id", HOLDS, ["tenant_id", "participant_id"])
    op.create_check_constraint(op.f(f"ck_{HOLDS}_one_subject"), HOLDS, "num_nonnulls(referral_id, participant_id) = 1")


def downgrade() -> None:
    """Takes back what is about files, with it what held them; the trail keeps that it was so."""
    op.drop_constraint(op.f(f"ck_{HOLDS}_one_subject"), HOLDS)
    op.execute("DELETE FROM erasure_holds WHERE referral_id IS NULL")
    op.drop_column(HOLDS, "participant_id")
    op.alter_column(HOLDS, "referral_id", nullable=False)
    op.execute("DELETE FROM erasures WHERE subject_kind <> 'referral'")
    op.drop_column("erasures", "subject_kind")
    _rename("erasures", FORMER, "subject_id", "referral_id")


def _rename(table: str, name: str, column: str, column_name: str) -> None:
    op.rename_table(table, name)
    op.alter_column(name, column, new_column_name=column_name)
    for kind, after in NAMED.items():
        op.execute(f"ALTER TABLE {name} RENAME CONSTRAINT {kind}_{table}{after} TO {kind}_{name}{after}")
