"""Structs of participants: files, identity, safe contact."""
