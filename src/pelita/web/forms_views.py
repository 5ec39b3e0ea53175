"""The form of a saved view: its name, what it looks for, and who has it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pelita.desk.actions.saved_views import MAX_NAME, Wanted
from pelita.desk.errors import InvalidError
from pelita.desk.models import Reach, SavedView
from pelita.desk.queries.saved_views import narrowing_of
from pelita.offices import queries as offices
from pelita.offices.rules import Place
from pelita.web.forms_search import SearchForm


class SavedViewForm(SearchForm):
    """Everything that finding asks, and a name. Whoever leads the desk may share it."""

    name = forms.CharField(
        label=_("Nama"), required=False, max_length=MAX_NAME * 2, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    reach = forms.ChoiceField(label=_("Untuk siapa"), choices=Reach.choices, required=False)
    shared_with = forms.TypedChoiceField(label=_("Seksi yang mendapat"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any = None, *, place: Place, **more: Any) -> None:
        super().__init__(data, place=place, **more)
        self.sections = {one.pk: one for one in offices.sections(place.office)} if place.sees_all else {}
        choices = [(pk, one.name) for pk, one in self.sections.items()]
        self._choose("shared_with", [("", _("Pilih seksi")), *choices])
        if not place.sees_all:
            del self.fields["reach"]
            del self.fields["shared_with"]

    def refuse(self, error: InvalidError) -> None:
        """Show an action's objection beside its field."""
        self.add_error(error.field if error.field in self.fields else None, str(error))

    def wanted(self) -> Wanted:
        """What a valid form says."""
        found = self.cleaned_data
        return Wanted(
            name=found["name"],
            words=found["words"],
            narrowing=self.narrowing(),
            reach=found.get("reach") or Reach.OWN,
            shared_with=self.sections.get(found.get("shared_with") or 0),
        )


def initial_of(view: SavedView) -> dict[str, Any]:
    """A view as the form begins with it."""
    narrowing = narrowing_of(view)
    return {
        "name": view.name, "words": view.words, "reach": view.reach, "shared_with": view.shared_with_id,
        "section": narrowing.section, "kind": narrowing.kind, "state": narrowing.state, "due": narrowing.due,
        "village": narrowing.village, "since": narrowing.since, "until": narrowing.until,
    }  # fmt: skip
