"""Values of pages of activities."""
