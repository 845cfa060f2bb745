"""Shows a participant's file and safe contact, built from queries."""
