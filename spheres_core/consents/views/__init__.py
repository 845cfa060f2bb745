"""Shows consents and exclusions, as answers and as documents for others."""
