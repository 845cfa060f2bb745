"""That the views which the policies ask look at exclusions once, where they did after standings and after consents."""

from alembic import op

from spheres_core.consents.queries.policies import are_written_already, create_reach, create_team_reach

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Writes the views anew, which hold the same rows."""
    if not are_written_already(op):
        create_reach(op)
        create_team_reach(op)


def downgrade() -> None:
    """Leaves the views as they are: those of before held the same rows."""
