"""PELITA MASSA: one WhatsApp number serves a whole kecamatan."""
