"""Values of this room’s pages."""
