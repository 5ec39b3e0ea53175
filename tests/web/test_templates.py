"""Templates, sprite, tokens and vendored files: what can be said about them without a browser."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import get_template

from pelita.web import assets, signs, ui
from pelita.web.lean import lean
from pelita.web.templatetags import pelita_ui

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "src" / "pelita" / "web"
TEMPLATES = WEB / "templates"
STATIC = WEB / "static" / "web"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))


def draw(source: str, **context: Any) -> str:
    return Template("{% load pelita_ui %}" + source).render(Context(context))


@pytest.mark.parametrize("name", NAMES)
def test_every_template_compiles(name: str) -> None:
    assert get_template(name) is not None


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    found = {icon for icon, _ in ui.KINDS.values()} | {icon for icon, _ in ui.STATUSES.values()}
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text("utf-8")
        found |= set(re.findall(r"\{% icon(?:_button)? \"([\w-]+)\"", text))
        found |= set(re.findall(r"\bicon(?:_after)?=\"([\w-]+)\"", text))
    assert "inbox" in found
    assert found - assets.icon_names() == set()


def test_an_unknown_icon_is_an_error_not_a_hole() -> None:
    with pytest.raises(assets.AssetMissingError, match="vendor-frontend"):
        draw("{% icon 'unicorn' %}")


def test_no_template_has_inline_styles_scripts_or_handlers() -> None:
    # The content security policy would drop them in the browser, silently for whoever writes the template.
    bad = re.compile(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\bsrc=)|javascript:")
    offenders = [name for name in NAMES if bad.search((TEMPLATES / name).read_text("utf-8"))]
    assert offenders == []


@pytest.mark.parametrize("name", ["style", "onclick"])
def test_tags_refuse_what_the_policy_would_drop(name: str) -> None:
    with pytest.raises(ValueError, match="content security policy"):
        draw("{% button 'Kirim' " + name + "='x' %}")


def test_attributes_are_escaped_and_dashed() -> None:
    html = draw("{% button label hx_post=url data_close=True disabled=False %}", label="<b>", url='/a"b')
    assert 'hx-post="/a&quot;b"' in html
    assert " data-close" in html
    assert "disabled" not in html
    assert "&lt;b&gt;" in html


def test_an_asset_carries_the_hash_of_its_content() -> None:
    wanted = hashlib.sha256(lean(STATIC / "css" / "base.css")).hexdigest()[:8]
    assert signs.asset("web/css/base.css") == f"/static/web/css/base.css?v={wanted}"
    with pytest.raises(assets.AssetMissingError):
        signs.asset("web/css/none.css")


def test_reasons_are_underlined_as_whole_words_and_all_else_is_escaped() -> None:
    text = pelita_ui.reasons("KTP ical <i> ktpku", ["ktp", "ical"])
    assert text == '<mark class="reason">KTP</mark> <mark class="reason">ical</mark> &lt;i&gt; ktpku'


def test_a_code_is_kept_on_one_line() -> None:
    assert pelita_ui.reasons("kode KML-4F7Q.") == 'kode <span class="whole">KML-4F7Q</span>.'


@pytest.mark.parametrize(
    ("mine", "flames"),
    [(True, 1), (False, 0)],
)
def test_the_lamp_burns_only_for_the_person_signed_in(mine: bool, flames: int, moment: datetime) -> None:
    late = moment - timedelta(days=1)
    row = ui.QueueRow("/x", "Kasmiati", "Jalan rusak", "complaint", late, due=late, mine=mine)
    html = draw("{% queue_row row now=now %}", row=row, now=moment)
    assert html.count("#flame") == flames
    assert ("menunggu Anda" in html) == mine
    assert "terlambat 1 hari" in html


def test_a_view_without_anything_has_no_lamp_and_no_red() -> None:
    tile = ui.ViewTile("/x", "Terlambat", 0, lit=True, late=True)
    html = draw("{% view_tiles tiles %}", tiles=[tile])
    assert "#flame" not in html
    assert "is-late" not in html


@pytest.mark.parametrize(("state", "word"), [("proposed", "usulan"), ("answered", "sudah dijawab")])
def test_a_chips_state_is_said_not_only_drawn(state: str, word: str) -> None:
    assert word in draw("{% chip 'Kesra' state=state %}", state=state)


@pytest.mark.parametrize("status", list(ui.STATUSES))
def test_ticks_have_words(status: str) -> None:
    assert str(ui.STATUSES[status][1]) in draw("{% ticks status %}", status=status)


def test_a_bubbles_text_is_escaped_and_its_attachment_is_not() -> None:
    message = ui.Bubble("in", "08.12", "<script>", quote=ui.Quote("<b>", "<i>"))
    html = draw("{% bubble m %}<img alt='foto'>{% endbubble %}", m=message)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<img alt='foto'>" in html
    assert "<b>&lt;b&gt;</b>" in html


class TaskForm(forms.Form):
    note = forms.CharField(label="Catatan", help_text="Warga tidak melihat ini.")
    due = forms.ChoiceField(label="Tenggat", choices=[("a", "2 jam"), ("b", "Besok")], widget=forms.RadioSelect)
    why = forms.MultipleChoiceField(
        label="Alasan", choices=[("x", "Kurang lengkap")], widget=forms.CheckboxSelectMultiple, required=False
    )


def test_a_field_names_its_hint_and_error() -> None:
    html = draw("{% field form.note %}", form=TaskForm({"due": "a"}))
    assert 'aria-describedby="id_note_hint id_note_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_note_error"' in html
    assert "wajib" in html


def test_a_choice_from_a_form_keeps_name_value_and_kind() -> None:
    form = TaskForm({"note": "x", "due": "b", "why": ["x"]})
    html = draw("{% segments form.due %}{% pills form.why %}", form=form)
    assert re.search(r'type="radio" name="due" value="b"[^>]*checked', html)
    assert not re.search(r'value="a"[^>]*checked', html)
    assert re.search(r'type="checkbox" name="why" value="x"[^>]*checked', html)


# -- vendored files ------------------------------------------------------------------------------------------------


def vendored() -> dict[str, Any]:
    record: dict[str, Any] = json.loads((STATIC / "vendor.json").read_text("utf-8"))
    return record


def test_vendored_files_are_what_the_script_wrote() -> None:
    for entry in vendored().values():
        for name, wanted in entry["files"].items():
            assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == wanted, name


def test_vendored_versions_are_those_of_the_lock() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text("utf-8"))["packages"]
    locked = {path.removeprefix("node_modules/"): entry["version"] for path, entry in lock.items() if path}
    assert {name: entry["version"] for name, entry in vendored().items()} == locked
    page = (ROOT / "THIRD_PARTY.md").read_text("utf-8")
    for name, entry in vendored().items():
        assert f"| {name} | {entry['version']} | {entry['license']} |" in page


def test_the_lock_names_no_registry() -> None:
    text = (ROOT / "frontend" / "package-lock.json").read_text("utf-8")
    assert "resolved" not in text


def test_the_sprite_holds_exactly_the_listed_icons() -> None:
    lines = (ROOT / "frontend" / "icons.txt").read_text("utf-8").splitlines()
    listed = {line.split("#")[0].split("=")[0].strip() for line in lines} - {""}
    assert assets.icon_names() == listed | {"flame"}


# -- tokens --------------------------------------------------------------------------------------------------------


def tokens(selector: str) -> dict[str, str]:
    css = (STATIC / "css" / "tokens.css").read_text("utf-8")
    start = css.index(selector)
    block = css[start : css.index("}", start)]
    return {name: " ".join(value.split()) for name, value in re.findall(r"--([\w-]+):\s*([^;]+);", block)}


LIGHT, DARK = ':root, [data-theme="light"] {', '  [data-theme="dark"] {'


def test_the_two_dark_lists_are_the_same() -> None:
    assert tokens(DARK) == tokens(":root:not([data-theme]) {")


def test_dark_names_every_colour_that_light_has() -> None:
    assert tokens(LIGHT).keys() == tokens(DARK).keys()


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two #rrggbb colours."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3", "late") for ground in ("paper", "surface", "sunk")),
    *((ink, "chat") for ink in ("ink", "ink-2", "ink-3", "late")),
    *((ink, "bubble-out") for ink in ("ink", "ink-2", "tick")),
    *((ink, "bubble-in") for ink in ("ink", "ink-2", "ink-3")),
    *(("leaf", ground) for ground in ("paper", "surface", "leaf-soft")),
    ("leaf-strong", "leaf-soft"), ("on-leaf", "leaf"), ("on-leaf", "leaf-strong"), ("lamp-ink", "lamp-soft"),
    ("late", "late-soft"), ("rail-ink", "rail"), ("rail-on", "rail"), ("on-inverse", "inverse"),
    ("on-inverse-2", "inverse"), ("on-mask", "mask"), ("their-ink-2", "their-in"), ("their-ink-2", "their-out"),
    ("their-ink-2", "their-bar"),
]  # fmt: skip
EDGE_PAIRS = [
    *(("line-2", ground) for ground in ("paper", "surface", "sunk")),
    *(("focus", ground) for ground in ("paper", "surface", "sunk", "chat")),
    ("lamp-edge", "paper"), ("lamp-edge", "surface"), ("leaf", "paper"), ("tick", "surface"),
]  # fmt: skip


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_text_is_aa_on_every_ground_it_stands_on(theme: str) -> None:
    values = tokens(theme)
    weak = {(ink, on): round(contrast(values[ink], values[on]), 2) for ink, on in TEXT_PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_edges_and_signs_are_three_to_one(theme: str) -> None:
    values = tokens(theme)
    weak = {(ink, on): round(contrast(values[ink], values[on]), 2) for ink, on in EDGE_PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}
