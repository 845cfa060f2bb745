"""Opens and ends what decides a reading: standings, consents, exclusions. Only these modules write those tables."""
