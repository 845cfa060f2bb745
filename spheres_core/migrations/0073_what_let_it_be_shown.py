"""That the trail keeps the standings and the lines by which something was shown as ids, as it keeps what was shown."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

LISTS = ("standings", "entries")


def upgrade() -> None:
    """Adds the columns, and takes what entries said until now out of their details."""
    for name in LISTS:
        op.add_column("trail_entries", sa.Column(name, ARRAY(sa.Uuid())))
    op.execute(
        "UPDATE trail_entries SET details = details - 'standings' - 'entries',"
        " standings = ARRAY(SELECT jsonb_array_elements_text(details->'standings')::uuid),"
        " entries = ARRAY(SELECT jsonb_array_elements_text(details->'entries')::uuid)"
        " WHERE details ?& ARRAY['standings', 'entries']"
    )


def downgrade() -> None:
    """Puts them back into the details."""
    op.execute(
        "UPDATE trail_entries SET details = coalesce(details, '{}')"
        " || jsonb_build_object('standings', to_jsonb(standings), 'entries', to_jsonb(entries))"
        " WHERE standings IS NOT NULL"
    )
    for name in LISTS:
        op.drop_column("trail_entries", name)
