"""The first tables: tenancy, the trail, staff, forms, partners and referrals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from spheres_core.foundation.database.tenant_tables import OWNER_POLICY, create_tenant_table
from spheres_core.foundation.postgres.roles import APP, OWNER

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates every table with row-level security; `tenants` may be read by all, and holds nothing about people."""
    op.execute("CREATE SEQUENCE tenant_epoch")
    op.create_table(
        "tenants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", pg.JSONB(), nullable=False),
        sa.Column("languages", pg.ARRAY(sa.Text()), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("hosts", pg.ARRAY(sa.Text()), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column(
            "epoch",
            sa.BigInteger(),
            nullable=False,
            server_default=sa.text("nextval('tenant_epoch')"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tenants"),
        sa.UniqueConstraint("slug", name="uq_tenants_slug"),
    )
    op.execute("ALTER TABLE tenants ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE tenants FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY everybody ON tenants FOR SELECT TO {APP} USING (true)")
    op.execute(f"CREATE POLICY {OWNER_POLICY} ON tenants TO {OWNER} USING (true) WITH CHECK (true)")
    op.execute(f"GRANT SELECT ON tenants TO {APP}")
    create_tenant_table(
        op,
        "api_tokens",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=False),
        sa.Column("roles", pg.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_api_tokens"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_api_tokens_tenant_id", ondelete="CASCADE"),
        sa.UniqueConstraint("tenant_id", "hash", name="uq_api_tokens_tenant_id_hash"),
    )
    create_tenant_table(
        op,
        "emergency_contacts",
        sa.Column("areas", pg.ARRAY(sa.Text()), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content", pg.JSONB(), nullable=False),
        sa.Column("brought", pg.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_emergency_contacts"),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenants.id"],
            name="fk_emergency_contacts_tenant_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("tenant_id", "key", name="uq_emergency_contacts_tenant_id_key"),
    )
    create_tenant_table(
        op,
        "form_versions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("form_key", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "form_key", "version", name="pk_form_versions"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_form_versions_tenant_id", ondelete="CASCADE"),
        append_only=True,
    )
    create_tenant_table(
        op,
        "organizations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content", pg.JSONB(), nullable=False),
        sa.Column("brought", pg.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_organizations"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_organizations_tenant_id", ondelete="CASCADE"),
        sa.UniqueConstraint("tenant_id", "key", name="uq_organizations_tenant_id_key"),
    )
    create_tenant_table(
        op,
        "referral_replays",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("key_mark", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_mark", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary()),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key_mark", name="pk_referral_replays"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_referral_replays_tenant_id", ondelete="CASCADE"
        ),
    )
    create_tenant_table(
        op,
        "service_areas",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content", pg.JSONB(), nullable=False),
        sa.Column("brought", pg.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_service_areas"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_service_areas_tenant_id", ondelete="CASCADE"),
        sa.UniqueConstraint("tenant_id", "key", name="uq_service_areas_tenant_id_key"),
    )
    create_tenant_table(
        op,
        "sign_in_attempts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key", name="pk_sign_in_attempts"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_sign_in_attempts_tenant_id", ondelete="CASCADE"
        ),
    )
    create_tenant_table(
        op,
        "staff",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("password_hash", sa.LargeBinary(), nullable=False),
        sa.Column("roles", pg.ARRAY(sa.Text()), nullable=False),
        sa.Column("organization", sa.Text()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("chooses_referral_mail", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_staff"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_staff_tenant_id", ondelete="CASCADE"),
        sa.UniqueConstraint("tenant_id", "email_index", name="uq_staff_tenant_id_email_index"),
    )
    create_tenant_table(
        op,
        "tenant_keys",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_tenant_keys"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_tenant_keys_tenant_id", ondelete="CASCADE"),
    )
    create_tenant_table(
        op,
        "tenant_plugins",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("plugin_id", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("adopted", sa.Text()),
        sa.PrimaryKeyConstraint("tenant_id", "plugin_id", name="pk_tenant_plugins"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_tenant_plugins_tenant_id", ondelete="CASCADE"),
    )
    create_tenant_table(
        op,
        "tenant_settings",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("values", pg.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "owner", name="pk_tenant_settings"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_tenant_settings_tenant_id", ondelete="CASCADE"),
    )
    create_tenant_table(
        op,
        "trail_entries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("subject_kind", sa.Text()),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("shown", pg.ARRAY(sa.Uuid())),
        sa.Column("details", pg.JSONB()),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_trail_entries"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_trail_entries_tenant_id", ondelete="CASCADE"),
        append_only=True,
    )
    op.create_index("ix_trail_entries_tenant_id_subject_id", "trail_entries", ["tenant_id", "subject_id"])
    create_tenant_table(
        op,
        "contact_points",
        sa.Column("organization_id", sa.Uuid()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content", pg.JSONB(), nullable=False),
        sa.Column("brought", pg.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_contact_points"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["organizations.tenant_id", "organizations.id"],
            name="fk_contact_points_tenant_id_organization_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_contact_points_tenant_id", ondelete="CASCADE"),
        sa.UniqueConstraint("tenant_id", "key", name="uq_contact_points_tenant_id_key"),
    )
    create_tenant_table(
        op,
        "coordination_mandates",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content", pg.JSONB(), nullable=False),
        sa.Column("brought", pg.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_coordination_mandates"),
        sa.CheckConstraint("ends_on > starts_on", name="ck_coordination_mandates_ends_after_it_starts"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["organizations.tenant_id", "organizations.id"],
            name="fk_coordination_mandates_tenant_id_organization_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenants.id"],
            name="fk_coordination_mandates_tenant_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("tenant_id", "key", name="uq_coordination_mandates_tenant_id_key"),
        sa.UniqueConstraint("tenant_id", "starts_on", name="uq_coordination_mandates_tenant_id_starts_on"),
    )
    op.create_index(
        "uq_coordination_mandates_open",
        "coordination_mandates",
        ["tenant_id"],
        unique=True,
        postgresql_where=sa.text("ends_on IS NULL"),
    )
    create_tenant_table(
        op,
        "deliveries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("parked_at", sa.DateTime(timezone=True)),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("tenant_id", "entry_id", "recipient", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["trail_entries.tenant_id", "trail_entries.id"],
            name="fk_deliveries_tenant_id_entry_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_deliveries_tenant_id", ondelete="CASCADE"),
    )
    create_tenant_table(
        op,
        "partnerships",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content", pg.JSONB(), nullable=False),
        sa.Column("brought", pg.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_partnerships"),
        sa.CheckConstraint("ends_on > starts_on", name="ck_partnerships_ends_after_it_starts"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["organizations.tenant_id", "organizations.id"],
            name="fk_partnerships_tenant_id_organization_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_partnerships_tenant_id", ondelete="CASCADE"),
        sa.UniqueConstraint("tenant_id", "key", name="uq_partnerships_tenant_id_key"),
    )
    create_tenant_table(
        op,
        "referrals",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("form_key", sa.Text(), nullable=False),
        sa.Column("form_version", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("age", sa.SmallInteger()),
        sa.Column("age_least", sa.SmallInteger()),
        sa.Column("age_most", sa.SmallInteger()),
        sa.Column("knows", sa.Text()),
        sa.Column("agrees_to_contact", sa.Text()),
        sa.Column("preferred_language", sa.Text()),
        sa.Column("community", sa.Text()),
        sa.Column("needs", pg.ARRAY(sa.Text()), nullable=False),
        sa.Column("safe_contact_known", sa.Boolean(), nullable=False),
        sa.Column("opinions", pg.JSONB(), nullable=False),
        sa.Column("missing_opinions", pg.ARRAY(sa.Text()), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("receipt_mark", sa.LargeBinary(), nullable=False),
        sa.Column("first_contact_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawal_asked_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_referrals"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "form_key", "form_version"],
            ["form_versions.tenant_id", "form_versions.form_key", "form_versions.version"],
            name="fk_referrals_tenant_id_form_key_form_version",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_referrals_tenant_id", ondelete="CASCADE"),
        sa.UniqueConstraint("tenant_id", "receipt_mark", name="uq_referrals_tenant_id_receipt_mark"),
    )
    op.create_index("ix_referrals_tenant_id_state_id", "referrals", ["tenant_id", "state", "id"])
    create_tenant_table(
        op,
        "services",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date()),
        sa.Column("ends_on", sa.Date()),
        sa.Column("verified_on", sa.Date(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content", pg.JSONB(), nullable=False),
        sa.Column("brought", pg.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_services"),
        sa.CheckConstraint("ends_on > starts_on", name="ck_services_ends_after_it_starts"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["organizations.tenant_id", "organizations.id"],
            name="fk_services_tenant_id_organization_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_services_tenant_id", ondelete="CASCADE"),
        sa.UniqueConstraint("tenant_id", "key", name="uq_services_tenant_id_key"),
    )
    create_tenant_table(
        op,
        "staff_sessions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_staff_sessions"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "staff_id"],
            ["staff.tenant_id", "staff.id"],
            name="fk_staff_sessions_tenant_id_staff_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_staff_sessions_tenant_id", ondelete="CASCADE"),
    )
    op.create_index("ix_staff_sessions_tenant_id_staff_id", "staff_sessions", ["tenant_id", "staff_id"])
    create_tenant_table(
        op,
        "referral_marks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "kind", "mark", "referral_id", name="pk_referral_marks"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "referral_id"],
            ["referrals.tenant_id", "referrals.id"],
            name="fk_referral_marks_tenant_id_referral_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_referral_marks_tenant_id", ondelete="CASCADE"),
    )
    create_tenant_table(
        op,
        "referral_moves",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("reason", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_referral_moves"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "referral_id"],
            ["referrals.tenant_id", "referrals.id"],
            name="fk_referral_moves_tenant_id_referral_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_referral_moves_tenant_id", ondelete="CASCADE"),
        append_only=True,
    )
    op.create_index("ix_referral_moves_tenant_id_referral_id", "referral_moves", ["tenant_id", "referral_id"])


def downgrade() -> None:
    """Empties the database."""
    for name in (
        "referral_moves",
        "referral_marks",
        "staff_sessions",
        "services",
        "referrals",
        "partnerships",
        "deliveries",
        "coordination_mandates",
        "contact_points",
        "trail_entries",
        "tenant_settings",
        "tenant_plugins",
        "tenant_keys",
        "staff",
        "sign_in_attempts",
        "service_areas",
        "referral_replays",
        "organizations",
        "form_versions",
        "emergency_contacts",
        "api_tokens",
        "tenants",
    ):
        op.drop_table(name)
    op.execute("DROP SEQUENCE tenant_epoch")
