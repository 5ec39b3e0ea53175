"""The forms of posts: the composer, the steps, and how the office publishes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pelita.news.models import Approval, CardLook, NewsPolicy, Post, PostKind, Way
from pelita.news.rules import MAX_PLACE, MAX_TEXT, MAX_TITLE, Content
from pelita.offices.models import Section, Village
from pelita.web.forms import MOMENT, SeenForm
from pelita.web.forms_office import OfficeForm

# The alarm has a form of its own, which asks for its end first.
KINDS = [(one.value, one.label) for one in PostKind]
OFFERED = [(one.value, one.label) for one in (Way.SHARE, Way.PHONE, Way.LINKED, Way.BROADCAST)]
_NUMBERED = re.compile(r"(alt|blur)-(\d{1,18})")


def _moment(label: Any, **more: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, required=False, input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        error_messages={"invalid": _("Tulis tanggal dan jamnya.")}, **more,
    )  # fmt: skip


class PostForm(SeenForm):
    """Everything that the composer asks. Lengths are the action's to refuse, so that nothing typed is cut."""

    draft_key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Jenis"), choices=KINDS, initial=PostKind.ACTIVITY)
    title = forms.CharField(
        label=_("Judul"), required=False, max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-most": MAX_TITLE}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Isi"), required=False, max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 5, "data-most": MAX_TEXT}),
    )  # fmt: skip
    village = forms.TypedChoiceField(label=_("Desa"), required=False, coerce=int, empty_value=None)
    place = forms.CharField(
        label=_("Tempat"), required=False, max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-most": MAX_PLACE}),
    )  # fmt: skip
    starts_at = _moment(_("Waktu"))
    ends_at = _moment(_("Sampai"))
    section = forms.ChoiceField(label=_("Seksi"))
    ways = forms.MultipleChoiceField(
        label=_("Tayang di mana"), required=False, choices=OFFERED, widget=forms.CheckboxSelectMultiple
    )
    publish_at = _moment(_("Tayang pada"))
    do = forms.CharField(max_length=40, required=False)
    # Stands in for all photos: the files themselves are read from the request, and an objection to one needs a place.
    photos = forms.CharField(label=_("Foto"), required=False)

    def __init__(
        self, *args: Any, sections: Sequence[Section], villages: Sequence[Village], ways: Sequence[str], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.sections = {str(one.pk): one for one in sections}
        self.villages = {one.pk: one for one in villages}
        self._choose("section", [(key, one.short_name) for key, one in self.sections.items()])
        self._choose("village", [("", _("Seluruh kecamatan")), *((pk, one.name) for pk, one in self.villages.items())])
        self._choose("ways", [(value, label) for value, label in OFFERED if value in ways])

    def _choose(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # it is a field with choices
        self.fields[name].widget.choices = choices

    def content(self, *, now_at: bool) -> Content:
        """What was written. ``now_at``: it goes out as soon as it may, whatever time was typed."""
        found = self.cleaned_data
        return Content(
            kind=found["kind"], title=found["title"], text=found["text"], section=self.sections[found["section"]],
            village=self.villages.get(found["village"]), place=found["place"], starts_at=found["starts_at"],
            ends_at=found["ends_at"], ways=tuple(found["ways"]),
            publish_at=None if now_at else found["publish_at"],
        )  # fmt: skip


def initial_of(post: Post, tz_now: datetime | None = None) -> dict[str, Any]:
    """A post as the form begins with it. ``tz_now``: the moment that a fresh one begins with."""
    return {
        "seen": post.lock, "draft_key": post.draft_key, "kind": post.kind, "title": post.title, "text": post.text,
        "village": post.village_id, "place": post.place, "starts_at": post.starts_at or tz_now,
        "ends_at": post.ends_at, "section": str(post.section_id), "ways": post.ways, "publish_at": post.publish_at,
    }  # fmt: skip


def of_pictures(data: Any) -> tuple[dict[int, str], dict[int, Any]]:
    """What a request says of pictures by their number: what is to be seen (``alt-7``), and circles (``blur-7``)."""
    texts: dict[int, str] = {}
    circles: dict[int, Any] = {}
    for name, value in data.items():
        found = _NUMBERED.fullmatch(name)
        if found and found[1] == "alt":
            texts[int(found[2])] = value
        elif found and value:
            circles[int(found[2])] = json_of(value)
    return texts, circles


def json_of(text: str) -> Any:
    """What the text says as JSON; text that is none says nothing that fits."""
    try:
        return json.loads(text[:20_000])
    except ValueError:
        return None


class StepForm(SeenForm):
    """One step of a post, with a reason where it needs one."""

    step = forms.CharField(max_length=40)
    reason = forms.CharField(label=_("Alasan"), required=False, max_length=2000)


class CorrectionForm(PostForm):
    """What is public, put right, with a sentence about it."""

    note = forms.CharField(
        label=_("Apa yang diperbaiki"), required=False, max_length=2000,
        help_text=_("Satu kalimat, dibaca semua orang di bawah kiriman."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class NewsPolicyForm(OfficeForm):
    """How the office publishes."""

    approval = forms.ChoiceField(label=_("Siapa yang boleh langsung menayangkan"), choices=Approval.choices)
    card_look = forms.ChoiceField(label=_("Bentuk kartu Status"), choices=CardLook.choices)
    card_colour = forms.CharField(
        label=_("Warna kartu"), max_length=20, widget=forms.TextInput(attrs={"type": "color"}),
        help_text=_("Tulisan putih harus terbaca di atasnya."),
    )  # fmt: skip

    @classmethod
    def of(cls, policy: NewsPolicy) -> NewsPolicyForm:
        return cls(
            initial={
                "approval": policy.approval, "card_look": policy.card_look, "card_colour": policy.card_colour,
            }
        )  # fmt: skip
