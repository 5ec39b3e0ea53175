"""The components as template tags: ``{% load pelita_ui %}``. /gaya shows every one with its call.

Every tag takes keyword arguments; those it does not know become HTML attributes, underscores as dashes
(``hx_post=url`` → ``hx-post``). ``style`` and event handlers are refused: the content security policy would drop
them in the browser without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, Select, Textarea
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from pelita.base import clock
from pelita.base.text import mask_numbers
from pelita.web import signs, ui, words
from pelita.web.marking import marked
from pelita.web.signs import attributes

register = template.Library()
FOLDER = "web/components"
MEDIA_ICONS = {"image": "photo", "video": "video", "audio": "microphone", "document": "file-text", "sticker": "sticker"}
# {% asset "web/css/base.css" %}, {% icon "inbox" label=_("Masuk") %}, … The functions say what each takes.
for sign in (
    signs.asset, signs.icon, signs.drawn, signs.flame, signs.chip, signs.kind, signs.deadline, signs.waiting,
    signs.moment, signs.ticks, signs.queue_row, signs.task_card, signs.found_row,
):  # fmt: skip
    register.simple_tag(sign)


def _body(content: str) -> SafeString:
    """The body of a block tag without the space around it, so that an empty one is empty. It is rendered already."""
    return mark_safe(content.strip())  # noqa: S308 - a rendered node list has escaped what it holds


def _render(name: str, context: dict[str, Any]) -> SafeString:
    return render_to_string(f"{FOLDER}/{name}.html", context)


# -- signs ---------------------------------------------------------------------------------------------------------


@register.inclusion_tag(f"{FOLDER}/mark.html")
def mark(*, lit: bool = False, size: int = 32, label: str = "", tone: str = "") -> dict[str, Any]:
    """The product's mark. ``tone="rail"`` on the dark wall. Lit only while something waits for this person."""
    return {"lit": lit, "size": size, "label": label, "tone": tone}


@register.inclusion_tag(f"{FOLDER}/avatar.html")
def avatar(name: str, *, size: str = "", tone: str = "") -> dict[str, Any]:
    """Initials in a circle; a person's outline when the name is a number. ``size``: "" (40) or "small" (32)."""
    return {"letters": words.initials(name), "size": size, "tone": tone}


@register.filter
def reasons(text: str, found: Sequence[str] = ()) -> SafeString:
    """Text with the words that led to a proposal underlined."""
    return marked(text, found, '<mark class="reason">{}</mark>')


@register.filter
def called(text: str, names: Sequence[str] = ()) -> SafeString:
    """Text with the officers whom it calls marked, each with the ``@``."""
    return marked(text, [f"@{name}" for name in names], '<b class="called">{}</b>')


@register.filter
def masked(text: str) -> str:
    """The text with every number of 16 digits (NIK, KK) covered."""
    return mask_numbers(text)


@register.filter
def undo_of(message: Message) -> dict[str, str] | None:
    """What one press takes back (``code``, ``version``), as the view put it into the message's tags; mostly nothing."""
    found = re.fullmatch(r"undo (?P<code>\S+) (?P<version>\d+)", message.extra_tags or "")
    return found.groupdict() if found else None


# -- buttons and forms ---------------------------------------------------------------------------------------------


@register.simple_tag
def button(  # noqa: PLR0913 - options of one element, all by keyword
    label: str,
    look: ui.Look = "secondary",
    *,
    icon: str = "",
    icon_after: str = "",
    size: str = "",
    href: str = "",
    type: str = "",  # noqa: A002 - HTML's own name of the attribute
    busy: bool = False,
    cls: str = "",
    **extra: Any,
) -> SafeString:
    """A button, or with ``href`` a link that looks like one. One ``primary`` for each region.

    ``size``: "" , "small", "large" (52 high) or "wide" (large and full width). While htmx sends, it turns busy itself.
    """
    return _render(
        "button",
        {
            "label": label,
            "classes": " ".join(filter(None, ["button", f"is-{look}", f"is-{size}" if size else "", cls])),
            "icon_name": icon,
            "icon_after": icon_after,
            "href": href,
            "type": type or ("submit" if look in ("primary", "danger") else "button"),
            "busy": busy,
            "attributes": attributes(extra),
        },
    )


@register.simple_tag
def icon_button(
    icon: str,
    label: str,
    *,
    href: str = "",
    type: str = "button",  # noqa: A002 - HTML's own name of the attribute
    cls: str = "",
    dot: bool = False,
    **extra: Any,
) -> SafeString:
    """A square button with an icon only; the label is read aloud and shown as a tip. ``type``: "button" or "submit"."""
    context = {"icon_name": icon, "label": label, "href": href, "type": type, "cls": cls, "dot": dot}
    return _render("icon_button", {**context, "attributes": attributes(extra)})


@register.simple_tag
def field(bound: BoundField, *, aside: str = "", placeholder: str = "", cls: str = "", **extra: Any) -> SafeString:
    """A form's field with label, hint, required mark and error. ``aside`` replaces the word "wajib"."""
    hint_id, error_id = f"{bound.auto_id}_hint", f"{bound.auto_id}_error"
    described = [i for i, wanted in ((hint_id, bound.help_text), (error_id, bound.errors)) if wanted]
    widget = bound.field.widget
    is_check = isinstance(widget, CheckboxInput)
    attrs: dict[str, Any] = {k.replace("_", "-"): v for k, v in extra.items()}
    attributes(extra)  # refuses what the policy would drop
    attrs["class"] = "check-box" if is_check else "input"
    if placeholder:
        attrs["placeholder"] = placeholder
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if isinstance(widget, Textarea):
        attrs["data-grow"] = True
    context = {"bound": bound, "control": bound.as_widget(attrs=attrs), "aside": aside, "cls": cls}
    context |= {"hint_id": hint_id, "error_id": error_id, "is_check": is_check, "is_select": isinstance(widget, Select)}
    return _render("field", context)


def _choice(source: ui.Choice | BoundField) -> ui.Choice:
    return ui.Choice.of(source) if isinstance(source, BoundField) else source


def _choice_context(source: ui.Choice | BoundField, look: str, extra: dict[str, Any]) -> dict[str, Any]:
    choice = _choice(source)
    return {
        "choice": choice,
        "look": look,
        "id": f"{choice.prefix}{choice.name}",
        "attributes": attributes(extra),
    }


@register.simple_tag
def segments(source: ui.Choice | BoundField, **extra: Any) -> SafeString:
    """One of a few short answers, side by side."""
    return _render("choice", _choice_context(source, "segments", extra))


@register.simple_tag
def pills(source: ui.Choice | BoundField, **extra: Any) -> SafeString:
    """Answers as rounded pills that wrap, such as reasons."""
    return _render("choice", _choice_context(source, "pills", extra))


@register.simple_tag
def cards(source: ui.Choice | BoundField, **extra: Any) -> SafeString:
    """Answers as cards with a second line, such as proposed sections with the words that led to them."""
    return _render("choice", _choice_context(source, "cards", extra))


# -- lists ---------------------------------------------------------------------------------------------------------


@register.inclusion_tag(f"{FOLDER}/view_tiles.html")
def view_tiles(tiles: Sequence[ui.ViewTile], *, label: str = "") -> dict[str, Any]:
    """The desk's views with their counts, three in a row."""
    return {"tiles": tiles, "label": label}


@register.inclusion_tag(f"{FOLDER}/tabs.html")
def tabs(items: Sequence[ui.Tab], *, label: str = "") -> dict[str, Any]:
    """A few lists on one page, as links."""
    return {"items": items, "label": label}


@register.inclusion_tag(f"{FOLDER}/skeleton.html")
def skeleton(*, rows: int = 3) -> dict[str, Any]:
    """The shape of rows that are still coming; appears after 400 ms only."""
    return {"rows": range(rows)}


@register.simple_block_tag
def empty(content: str, title: str, *, text: str = "", icon: str = "") -> SafeString:
    """An empty list that says what would be here. The body is the one way on (a button)."""
    return _render("empty", {"title": title, "text": text, "icon_name": icon, "content": _body(content)})


# -- thread --------------------------------------------------------------------------------------------------------


@register.simple_block_tag(takes_context=True)
def bubble(context: template.Context, content: str, message: ui.Bubble) -> SafeString:
    """One message; the body of the tag stands above its words."""
    token = context.get("csrf_token")
    return _render("bubble", {"b": message, "content": _body(content), "csrf_token": token})


@register.inclusion_tag(f"{FOLDER}/media_card.html", takes_context=True)
def media_card(context: template.Context, card: ui.MediaCard) -> dict[str, Any]:
    """The file of a message: picture, player, document, or why it is not there."""
    return {"card": card, "icon_name": MEDIA_ICONS[card.kind], "csrf_token": context.get("csrf_token")}


@register.inclusion_tag(f"{FOLDER}/message_card.html")
def message_card(card: ui.Card) -> dict[str, Any]:
    """Something beside the words of a message: a place, a person, answers, an order."""
    return {"card": card}


@register.inclusion_tag(f"{FOLDER}/window_bar.html")
def window_bar(closes: datetime | None, *, now: datetime | None = None) -> dict[str, Any]:
    """How long the citizen may still be answered freely; closed: templates only."""
    tz, at = timezone.get_current_timezone(), now or clock.now()
    until = closes and f"{words.day_words(closes, at, tz).lower()} {words.clock_words(closes, tz)}"
    since = closes and words.moment_words(closes, at, tz)
    window = words.window_words(closes, at)
    return {"window": window, "closes": closes, "until": until, "since": since, "fixed": now is not None}


@register.simple_block_tag
def lamp_strip(content: str, title: str, *, text: str = "", dock: bool = False) -> SafeString:
    """What waits for the person signed in. ``dock``: at the foot of a phone; the body is its button."""
    return _render("lamp_strip", {"title": title, "text": text, "dock": dock, "content": _body(content)})


@register.inclusion_tag(f"{FOLDER}/timeline.html")
def timeline(steps: Iterable[ui.Step]) -> dict[str, Any]:
    """The way of an inquiry through the office."""
    return {"steps": steps}


# -- overlays and shell --------------------------------------------------------------------------------------------


@register.simple_block_tag
def sheet(content: str, id: str, title: str, *, aside: str = "", text: str = "", cls: str = "") -> SafeString:  # noqa: A002 - HTML's own name
    """A sheet from below (phone) or a card in the middle. Opened by ``data-sheet="ID"`` on a link or button."""
    context = {"id": id, "title": title, "aside": aside, "text": text, "cls": cls}
    return _render("sheet", {**context, "content": _body(content)})


@register.simple_block_tag
def banner(content: str, title: str, *, text: str = "", icon: str = "info-circle", tone: str = "") -> SafeString:
    """A strip across the page in inverse ink. ``tone="late"`` for failure, "plain" for a remark on paper."""
    return _render("banner", {"title": title, "text": text, "icon_name": icon, "tone": tone, "content": _body(content)})


@register.inclusion_tag(f"{FOLDER}/rail.html")
def rail(nav: ui.Nav) -> dict[str, Any]:
    """Menu at the left on a desktop, at the foot on a phone."""
    return {"nav": nav}


@register.simple_block_tag
def phone_preview(content: str, office: str, *, clock: str = "") -> SafeString:
    """A citizen's phone around the body, to see an answer before it goes out."""
    return _render("phone_preview", {"office": office, "clock": clock, "content": _body(content)})


@register.simple_tag
def zone() -> str:
    """Name of the active time zone, for words.js."""
    return timezone.get_current_timezone_name()


@register.simple_tag
def server_time() -> str:
    """The server's moment, so that a wrong clock on an officer's computer does not change the words."""
    return clock.now().isoformat()


@register.simple_tag
def word_patterns() -> dict[str, str]:
    """Sentences with numbers, for words.js."""
    return words.patterns()
