"""Has the tables that decide about participants planned alike for every tenant."""

from alembic import op

from spheres_core.foundation.database.tenant_tables import OWN_TENANT, OWN_TENANT_ASKED_ONCE, TENANT_POLICY

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

TABLES = ("standings", "consent_entries", "exclusions")


def upgrade() -> None:
    """Asks for the tenant in a subquery, whose answer no plan is made by.

    Otherwise PostgreSQL plans by the rows that this tenant had when statistics were last gathered: none for a region
    that has just begun beside others, whose every decision then looked at each pair of a standing and a consent.
    """
    for table in TABLES:
        op.execute(f"ALTER POLICY {TENANT_POLICY} ON {table} USING ({OWN_TENANT_ASKED_ONCE})")


def downgrade() -> None:
    """Gives them the policy of all other tables again."""
    for table in TABLES:
        op.execute(f"ALTER POLICY {TENANT_POLICY} ON {table} USING ({OWN_TENANT})")
