"""What the office tells by itself: activities, announcements, agenda, emergencies, on every way out."""
