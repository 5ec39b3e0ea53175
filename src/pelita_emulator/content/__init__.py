"""What messages hold: Meta's limits for each type, and the words that a phone shows for them."""
