"""What makes sense with no office in the world: clock, ids, phone numbers, text, secrets, scoping. No tables."""
