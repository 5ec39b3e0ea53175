"""Meta's Graph API as far as the business uses it, with real answers and real error bodies."""
