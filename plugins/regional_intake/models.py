"""Declares the plugin's one table. It refers to the core's anchors only, and goes with what it refers to."""

from sqlalchemy import Column, Date, MetaData, Table, Text, Uuid

from spheres_core.plugin import REFERRAL, TENANT

metadata = MetaData()
TENANT.stub(metadata)
REFERRAL.stub(metadata)

travel_questions = Table(
    "regional_intake_travel_questions",
    metadata,
    Column("tenant_id", Uuid(), primary_key=True),
    Column("referral_id", Uuid(), primary_key=True),
    Column("community", Text(), nullable=False),
    Column("received_on", Date(), nullable=False),
    TENANT.reference(),
    REFERRAL.reference("referral_id"),
)
