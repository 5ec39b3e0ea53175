"""Picture cards of posts for WhatsApp Status and chats, in the office's own look. Pure: plain data in, JPEG out."""

from pelita.news.cards.card import Card, Look, Shape
from pelita.news.cards.drawing import render

__all__ = ["Card", "Look", "Shape", "render"]
