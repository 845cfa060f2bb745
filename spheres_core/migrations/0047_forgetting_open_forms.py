"""Forgets in one statement for all tenants which forms are open no more, instead of visiting each tenant for it."""

from alembic import op

from spheres_core.foundation.postgres.roles import APP

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

FUNCTION = "forget_closed_forms(timestamptz)"


def upgrade() -> None:
    """Creates the function, which deletes as the owner what holds no more, and tells nothing of it."""
    op.execute("""
        CREATE FUNCTION forget_closed_forms(at timestamptz) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
          DELETE FROM public.open_forms WHERE until <= at
        $$""")
    op.execute(f"REVOKE ALL ON FUNCTION {FUNCTION} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {FUNCTION} TO {APP}")
    op.drop_index("ix_open_forms_tenant_id_until", "open_forms")
    op.create_index("ix_open_forms_until", "open_forms", ["until"])


def downgrade() -> None:
    """Drops the function."""
    op.drop_index("ix_open_forms_until", "open_forms")
    op.create_index("ix_open_forms_tenant_id_until", "open_forms", ["tenant_id", "until"])
    op.execute(f"DROP FUNCTION {FUNCTION}")
