"""Declares the plugin's one table: codes only. It refers to the core's anchors, and goes with what it refers to."""

from sqlalchemy import Column, MetaData, Table, Text, Uuid

from spheres_core.plugin import REFERRAL, TENANT

metadata = MetaData()
TENANT.stub(metadata)
REFERRAL.stub(metadata)
far_referrals = Table(
    "museum_code_far_referrals",
    metadata,
    Column("tenant_id", Uuid(), primary_key=True),
    Column("referral_id", Uuid(), primary_key=True),
    Column("community", Text(), nullable=False),
    TENANT.reference(),
    REFERRAL.reference("referral_id"),
)
