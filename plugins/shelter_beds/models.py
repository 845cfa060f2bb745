"""Declares the plugin's one table: free beds by organization and night. It knows nobody who sleeps in them."""

from sqlalchemy import Column, Date, Integer, MetaData, Table, Uuid

from spheres_core.plugin import ORGANIZATION, TENANT

metadata = MetaData()
TENANT.stub(metadata)
ORGANIZATION.stub(metadata)
nights = Table(
    "shelter_beds_nights",
    metadata,
    Column("tenant_id", Uuid(), primary_key=True),
    Column("organization_id", Uuid(), primary_key=True),
    Column("night", Date(), primary_key=True),
    Column("free", Integer(), nullable=False),
    TENANT.reference(),
    ORGANIZATION.reference("organization_id"),
)
