"""Files of messages: what they are, where they lie, how they come and go."""
