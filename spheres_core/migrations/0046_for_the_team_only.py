"""Has the policies of reporting decisions ask for standings on the team's part: queries alone asked for them before."""

from alembic import op

from spheres_core.consents.queries.policies import (
    TEAM_REACH,
    AboutParticipants,
    create_team_reach,
    restrict,
    unrestrict,
)

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

TABLES = {"reporting_decisions": "legal", "reporting_decision_texts": "own_words"}


def upgrade() -> None:
    """Writes the policies anew."""
    create_team_reach(op)
    for table, information in TABLES.items():
        unrestrict(op, table)
        restrict(op, table, AboutParticipants(information, team_only=True))


def downgrade() -> None:
    """Lets who reads legal steps for an organization past the policy again."""
    for table, information in TABLES.items():
        unrestrict(op, table)
        restrict(op, table, AboutParticipants(information))
    for view in TEAM_REACH.values():
        op.execute(f"DROP VIEW {view}")
