"""Declares the plugin's one table: free beds by organization and night. It knows nobody who sleeps in them."""

from sqlalchemy import Column, Date, Integer, MetaData

from spheres_core.plugin import ORGANIZATION, tenant_table

metadata = MetaData()
nights = tenant_table(
    "shelter_beds_nights",
    metadata,
    ORGANIZATION.column("organization_id", primary_key=True),
    Column("night", Date(), primary_key=True),
    Column("free", Integer(), nullable=False),
)
