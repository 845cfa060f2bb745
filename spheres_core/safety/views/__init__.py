"""Views of emergency plans: what files and pages show."""
