"""Whose session a request belongs to."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from pelita.offices.models import Officer


class OfficerBackend(ModelBackend):
    """Django's own, but the officer comes with the office: every request needs both, and one query is enough."""

    def get_user(self, user_id: int) -> Officer | None:
        """The officer of a session, None when the account is gone or closed."""
        found = Officer.objects.select_related("office").filter(pk=user_id).first()
        return found if found is not None and self.user_can_authenticate(found) else None
