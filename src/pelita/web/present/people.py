"""How the screens name a citizen and an officer."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from pelita.base.text import mask_numbers, one_line
from pelita.desk.models import Citizen, Disposition, IdentityKind
from pelita.offices.models import Officer
from pelita.offices.rules import Place
from pelita.web import words

NAME_LENGTH = 80


def known(citizen: Citizen) -> dict[str, str]:
    """The newest value of each kind of identity, from prefetched rows ordered by ``last_seen``."""
    return {identity.kind: identity.value for identity in citizen.identities.all()}


def number(identities: Mapping[str, str]) -> str:
    """The masked number, the one that was told when WhatsApp hides it, or words for a citizen who told none."""
    return words.masked_phone(identities.get(IdentityKind.WA_ID) or identities.get(IdentityKind.PHONE, ""))


def hides_number(identities: Mapping[str, str]) -> bool:
    return not identities.get(IdentityKind.WA_ID) and not identities.get(IdentityKind.PHONE)


def name(citizen: Citizen, identities: Mapping[str, str]) -> str:
    """Profile name, else the one in the phone's address book, the masked number, the username, or that it is hidden.

    Never a raw id: it says nothing to people, and whoever has it can write to the citizen.
    """
    own = mask_numbers(one_line(citizen.name or citizen.book_name, NAME_LENGTH))
    if own:
        return own
    if not identities.get(IdentityKind.WA_ID) and identities.get(IdentityKind.USERNAME):
        return "@" + identities[IdentityKind.USERNAME]
    masked = number(identities)
    return masked[:1].upper() + masked[1:]


def village(citizen: Citizen) -> str:
    return citizen.village.name if citizen.village else ""


def giver(given: Disposition) -> str:
    """Who handed an inquiry to a section: an officer, or the catalogue by itself."""
    return given.given_by.full_name if given.given_by else _("katalog WhatsApp")


def officer(person: Officer | None, viewer: Place) -> str:
    """``Anda`` for the person who reads, the full name for others."""
    if person is None:
        return ""
    return _("Anda") if person.pk == viewer.officer.pk else person.full_name
