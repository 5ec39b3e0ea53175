"""A broadcast's two messages: the same for every recipient, so made and checked once."""

from __future__ import annotations

from pelita.news import rules_broadcast
from pelita.news.chat_words import STOP
from pelita.news.chatting import deed
from pelita.news.models import Post
from pelita.news.picturing import address_of, when_words, where_words
from pelita.whatsapp import limits
from pelita.whatsapp.messages import FromTemplate, Text
from pelita.whatsapp.models import Template


class Wording:
    """``free`` inside the reply window, ``templated`` outside it, None without a template. The post's office and
    village are loaded. Raises a WireError for what WhatsApp would refuse."""

    def __init__(self, post: Post, template: Template | None) -> None:
        address, about = address_of(post), about_of(post)
        self.free = Text(rules_broadcast.free_text(post, address, about))
        limits.check(self.free)
        self.templated: FromTemplate | None = None
        if template is not None:
            values = rules_broadcast.template_values(post, address, about)
            self.templated = FromTemplate(template, values=values, button_values=[deed(STOP)])
            limits.check(self.templated)


def about_of(post: Post) -> str:
    """When and where, in one line; empty when the post says neither."""
    return ", ".join(filter(None, (when_words(post), where_words(post))))
