"""Switches that hold until they are changed: rates, how a closed window shows, webhook addresses."""

from dataclasses import asdict, dataclass, field
from typing import Any

CHOICES = {"window_error": ("status", "http"), "template_review": ("approve", "pending")}
FLAGS = ("rates", "parent_ids")
LIMITS = ("number_per_second", "pair_seconds", "pair_burst", "management_per_hour")


class BadOptionError(ValueError):
    """The value does not fit; the text says why, in Indonesian."""


def is_address(value: Any) -> bool:
    """An http address, or "" for none."""
    return isinstance(value, str) and (value == "" or value.startswith(("http://", "https://")))


@dataclass
class Options:
    """`webhooks` maps a phone_number_id to the address that replaces the configured one.

    `template_review` decides whether a new template is approved at once or waits; `parent_ids` whether citizens
    carry a parent BSUID too (new citizens only).
    """

    rates: bool = True
    number_per_second: float = 80
    pair_seconds: float = 6
    pair_burst: float = 45
    management_per_hour: float = 200
    window_error: str = "status"
    template_review: str = "approve"
    parent_ids: bool = False
    webhooks: dict[str, str] = field(default_factory=dict)

    def change(self, values: dict[str, Any], first_line: str) -> None:
        """Take over the known names among `values`; raises BadOptionError before anything changes."""
        draft = Options(**asdict(self))
        for name, value in values.items():
            draft.set_one(name, value, first_line)
        self.__dict__.update(asdict(draft))

    def set_one(self, name: str, value: Any, first_line: str) -> None:
        if name == "rates" and isinstance(value, dict):
            for limit, amount in value.items():
                self._set_limit(limit, amount)
            self.rates = True
        elif (name in FLAGS and isinstance(value, bool)) or value in CHOICES.get(name, ()):
            setattr(self, name, value)
        elif name == "webhook" and is_address(value):
            self.webhooks[first_line] = value
        elif name == "webhooks" and isinstance(value, dict) and all(map(is_address, value.values())):
            self.webhooks.update(value)
        else:
            raise BadOptionError(f"Pengaturan “{name}” tidak dikenal atau nilainya tidak sesuai.")

    def _set_limit(self, name: str, amount: Any) -> None:
        if name not in LIMITS or isinstance(amount, bool) or not isinstance(amount, int | float) or amount <= 0:
            raise BadOptionError(f"Batas laju “{name}” tidak dikenal atau bukan angka di atas nol.")
        setattr(self, name, amount)
