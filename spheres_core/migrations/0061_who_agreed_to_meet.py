"""Who has said yes to a meeting with a peer, or asks for the police herself."""

import sqlalchemy as sa
from alembic import op

from spheres_core.foundation.database.tenant_tables import grant
from spheres_core.foundation.postgres.roles import APP

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was written before needed nobody's yes. What stood of somebody who takes a yes back is deleted."""
    op.add_column("accompaniments", sa.Column("agreed", sa.ARRAY(sa.Text()), nullable=False, server_default="{}"))
    op.alter_column("accompaniments", "agreed", server_default=None)
    grant(op, "accompaniment_texts", "DELETE")


def downgrade() -> None:
    """Forgets who said yes."""
    op.execute(f"REVOKE DELETE ON accompaniment_texts FROM {APP}")
    op.drop_column("accompaniments", "agreed")
