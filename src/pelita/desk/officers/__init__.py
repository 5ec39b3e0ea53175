"""The office and its officers on WhatsApp: an officer is told on the own phone, and answers from it."""
