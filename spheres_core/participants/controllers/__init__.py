"""A participant's file as JSON, by topic."""
