"""Views of plans, built from queries: what files and pages show."""
