"""Lets the application say that its tenant has changed, and nothing else about any tenant."""

from alembic import op

from spheres_core.foundation.postgres.roles import APP

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates a function that runs as the owner; it takes no argument and so reaches the transaction's tenant only."""
    op.execute("""
        CREATE FUNCTION touch_tenant() RETURNS void LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp AS $$
          WITH touched AS (
            UPDATE public.tenants SET epoch = nextval('public.tenant_epoch')
            WHERE id = nullif(current_setting('app.tenant', true), '')::uuid RETURNING slug
          )
          SELECT pg_notify('spheres_tenants', slug) FROM touched
        $$""")
    op.execute("REVOKE ALL ON FUNCTION touch_tenant() FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION touch_tenant() TO {APP}")


def downgrade() -> None:
    """Drops the function; only the owner changes tenants again."""
    op.execute("DROP FUNCTION touch_tenant()")
