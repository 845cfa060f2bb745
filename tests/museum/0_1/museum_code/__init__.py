"""Says which referrals come from far away, and counts them. *Far*: a community that the region's settings name."""
