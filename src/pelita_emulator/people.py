"""Citizens: all of them in memory, every change on disk."""

import sqlite3
from dataclasses import asdict, replace
from typing import Any

from .records import Citizen, Json
from .store import Store

FLAGS = ("hide_phone", "online", "auto_read")
ADDRESSES = ("phone", "user_id", "parent_user_id")


class People:
    """`add`, `change` and `remove` write through; reads cost nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._db = store.db
        self._all: dict[str, Citizen] = {}
        self._by: dict[str, dict[str, str]] = {name: {} for name in ADDRESSES}
        for row in self._db.execute("SELECT * FROM citizens ORDER BY created, rowid"):
            self._know(_citizen(row))

    def __iter__(self) -> Any:
        return iter(list(self._all.values()))

    def get(self, citizen_id: str | None) -> Citizen | None:
        return self._all.get(citizen_id or "")

    def at(self, address: str) -> Citizen | None:
        """By phone (digits), BSUID or parent BSUID."""
        for names in self._by.values():
            if address in names:
                return self._all[names[address]]
        return None

    def add(self, citizen: Citizen) -> None:
        values = asdict(citizen)
        marks = ", ".join("?" * len(values))
        self._db.execute(
            f"INSERT INTO citizens ({', '.join(values)}) VALUES ({marks})",  # noqa: S608 - names of this package
            list(values.values()),
        )
        self._know(citizen)

    def change(self, citizen: Citizen, values: Json) -> Citizen:
        changed = replace(citizen, **values)
        pairs = ", ".join(f"{name} = ?" for name in values)
        self._db.execute(f"UPDATE citizens SET {pairs} WHERE id = ?", [*values.values(), citizen.id])  # noqa: S608 - names of this package
        self._forget(citizen)
        self._know(changed)
        return changed

    def remove(self, citizen: Citizen) -> None:
        with self._store.transaction():
            for table in ("messages", "windows", "ties", "status_recipients"):
                self._db.execute(f"DELETE FROM {table} WHERE citizen = ?", (citizen.id,))  # noqa: S608 - names of this package
            self._db.execute("DELETE FROM citizens WHERE id = ?", (citizen.id,))
        self._forget(citizen)
        self._all.pop(citizen.id, None)

    def clear(self) -> None:
        self._all.clear()
        for names in self._by.values():
            names.clear()

    def _know(self, citizen: Citizen) -> None:
        self._all[citizen.id] = citizen
        for name, known in self._by.items():
            if address := getattr(citizen, name):
                known[address] = citizen.id

    def _forget(self, citizen: Citizen) -> None:
        for name, known in self._by.items():
            known.pop(getattr(citizen, name), None)


def _citizen(row: sqlite3.Row) -> Citizen:
    values = dict(row)
    return Citizen(**{**values, **{name: bool(values[name]) for name in FLAGS}})
