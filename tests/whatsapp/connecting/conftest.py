"""The worlds of the outbox serve here too."""

from tests.whatsapp.outbox.conftest import quick_passwords, world

__all__ = ["quick_passwords", "world"]
