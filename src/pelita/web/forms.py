"""What people fill in. Forms check the shape; whether a step is allowed is the actions' to say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pelita.desk.actions.drafting import Seat
from pelita.desk.errors import InvalidError
from pelita.offices.models import Section

OTHER_DUE = "lain"
USUAL_DUE = "aturan"
MOMENT = "%Y-%m-%dT%H:%M"


class SeenForm(forms.Form):
    """A form about an inquiry carries the version that the person had on the screen."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def refuse(self, error: InvalidError) -> None:
        """Put an action's objection beside the field that it speaks of."""
        self.add_error(error.field if error.field in self.fields else None, str(error))


class LoginForm(forms.Form):
    """Login name and password."""

    username = forms.CharField(
        label=_("Nama masuk"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Kata sandi"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(forms.Form):
    """A new password, asked twice."""

    old = forms.CharField(
        label=_("Kata sandi sekarang"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("Kata sandi baru"),
        strip=False,
        max_length=200,
        help_text=_("Paling sedikit 10 huruf. Beberapa kata lebih mudah diingat daripada tanda-tanda."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Kata sandi baru, sekali lagi"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("new") and found.get("again") and found["new"] != found["again"]:
            self.add_error("again", _("Kedua kata sandi baru tidak sama."))
        return found


class OwnPhoneForm(forms.Form):
    """An officer's own WhatsApp number."""

    number = forms.CharField(
        label=_("Nomor WhatsApp petugas"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Tulis nomornya dulu.")},
    )


class DisposeForm(SeenForm):
    """Section, instruction and deadline. ``due`` is a moment that was offered, ``lain`` with ``due_other``, or
    ``aturan``: what the policy gives the section that is chosen."""

    section = forms.ChoiceField(label=_("Seksi"), error_messages={"required": _("Pilih seksi yang menangani.")})
    instruction = forms.CharField(
        label=_("Instruksi"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    due = forms.CharField(label=_("Tenggat"), required=False)
    due_other = forms.DateTimeField(
        label=_("Waktu lain"),
        required=False,
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        error_messages={"invalid": _("Tulis tanggal dan jamnya.")},
    )

    def __init__(self, *args: Any, sections: Sequence[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = forms.ChoiceField(choices=[(str(section.pk), section.short_name) for section in sections])
        offered.label, offered.error_messages = self.fields["section"].label, self.fields["section"].error_messages
        self.fields["section"] = offered
        self.fields["helpers"] = _helpers(sections)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        chosen = found.get("due", "")
        if chosen == OTHER_DUE:
            if not found.get("due_other") and "due_other" not in self.errors:
                self.add_error("due_other", _("Tulis tanggal dan jamnya."))
            found["due_at"] = found.get("due_other")
        elif chosen == USUAL_DUE:
            found["due_at"] = None
        else:
            found["due_at"] = self._moment(chosen) if chosen else None
        return found

    def _moment(self, text: str) -> datetime | None:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.add_error("due", _("Pilih tenggat."))
            return None
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _helpers(sections: Sequence[Section]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Seksi yang membantu"),
        required=False,
        choices=[(str(section.pk), section.short_name) for section in sections],
        widget=forms.CheckboxSelectMultiple,
    )


class HelpForm(SeenForm):
    """Further sections that give their part."""

    instruction = forms.CharField(
        label=_("Instruksi"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, sections: Sequence[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["helpers"] = _helpers(sections)


class SectionForm(SeenForm):
    """One section, by its number."""

    section = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class PartForm(SeenForm):
    """What a helping section gives to the answer."""

    text = forms.CharField(
        label=_("Bahan jawaban"),
        required=False,  # the action says what to do about an empty one
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class AnswerForm(SeenForm):
    """A text for the citizen, and for a section a note that only the admin reads.

    ``draft`` and ``page`` say which version of the draft this page saw, and which page it is (desk/actions/drafting).
    ``confirmed`` is the seal of what the person was warned of (desk/checks).
    """

    draft = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    page = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    drop_file = forms.BooleanField(required=False)
    confirmed = forms.CharField(max_length=64, required=False)

    text = forms.CharField(
        label=_("Jawaban untuk warga"),
        required=False,  # the action says what to do about an empty one
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    note = forms.CharField(
        label=_("Catatan untuk admin"),
        required=False,
        max_length=1000,
        help_text=_("Warga tidak melihat ini."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def seat(self) -> Seat | None:
        """Where the text was written; None when the page did not say."""
        version = self.cleaned_data.get("draft")
        return None if version is None else Seat(version, self.cleaned_data.get("page", ""))


class NoteForm(SeenForm):
    """What an officer writes to colleagues."""

    text = forms.CharField(
        label=_("Catatan dalam"),
        required=False,  # the action says what to do about an empty one
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReasonForm(SeenForm):
    """Why a section gives an inquiry back."""

    reason = forms.CharField(
        label=_("Alasan"),
        required=False,
        max_length=1000,
        help_text=_("Admin membaca alasan ini, warga tidak."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


RETURN_REASONS = [
    ("kurang", _("Kurang lengkap")),
    ("bahasa", _("Bahasa dirapikan")),
    ("data", _("Perlu data lagi")),
    ("cocok", _("Tidak menjawab pertanyaan")),
]


class ReturnForm(SeenForm):
    """Why the admin returns an answer: reasons to tap, and words."""

    picked = forms.MultipleChoiceField(
        label=_("Alasan"),
        required=False,
        choices=RETURN_REASONS,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("Catatan"),
        required=False,
        max_length=900,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def sentence(self) -> str:
        """Reasons and words as the section reads them; empty when there are none."""
        words = dict(RETURN_REASONS)
        picked = ", ".join(str(words[key]) for key in self.cleaned_data.get("picked", []))
        parts = [picked.capitalize() + "." if picked else "", self.cleaned_data.get("reason", "").strip()]
        return " ".join(part for part in parts if part)


class MoreTimeForm(SeenForm):
    """Until when a section asks for time, seconds since 1970."""

    until = forms.IntegerField(
        min_value=1,
        max_value=1 << 33,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("Pilih sampai kapan.")),
    )

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.cleaned_data["until"], UTC)


class WishForm(SeenForm):
    """The admin's word on a section's wish for more time."""

    wish = forms.IntegerField(min_value=1)
    granted = forms.BooleanField(required=False)


class PlainForm(SeenForm):
    """A step that needs nothing but the version that was seen."""
