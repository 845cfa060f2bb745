"""Counts of public posts by keyed address, region and system, kept by one function of the application."""

import sqlalchemy as sa
from alembic import op

from spheres_core.foundation.postgres.roles import APP

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table and the function. Nothing in it has to survive a crash, so it is not logged."""
    op.create_table(
        "public_post_counts",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_public_post_counts"),
        prefixes=["UNLOGGED"],
        postgresql_with={"fillfactor": 50},
    )
    op.create_index("ix_public_post_counts_opened_at", "public_post_counts", ["opened_at"])
    op.execute("""
        CREATE FUNCTION count_public_post(keys bytea[], limits int[], at timestamptz) RETURNS int
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
          hour CONSTANT interval := '1 hour';
          opened timestamptz;
          counted int;
        BEGIN
          PERFORM set_config('synchronous_commit', 'off', true);
          FOR i IN 1 .. cardinality(keys) LOOP
            INSERT INTO public.public_post_counts AS c (key, opened_at, posts) VALUES (keys[i], at, 1)
            ON CONFLICT (key) DO UPDATE SET
              posts = CASE WHEN c.opened_at <= at - hour THEN 1 ELSE c.posts + 1 END,
              opened_at = CASE WHEN c.opened_at <= at - hour THEN at ELSE c.opened_at END
            RETURNING posts, opened_at INTO counted, opened;
            IF counted > limits[i] THEN
              RETURN greatest(1, ceil(extract(epoch FROM opened + hour - at)));
            END IF;
            IF counted = 1 THEN
              DELETE FROM public.public_post_counts WHERE key IN (
                SELECT key FROM public.public_post_counts WHERE opened_at <= at - hour
                ORDER BY opened_at LIMIT 10 FOR UPDATE SKIP LOCKED
              );
            END IF;
          END LOOP;
          RETURN 0;
        END $$""")
    op.execute("REVOKE ALL ON FUNCTION count_public_post(bytea[], int[], timestamptz) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION count_public_post(bytea[], int[], timestamptz) TO {APP}")


def downgrade() -> None:
    """Drops both; public posts are not limited any more."""
    op.execute("DROP FUNCTION count_public_post(bytea[], int[], timestamptz)")
    op.drop_table("public_post_counts")
