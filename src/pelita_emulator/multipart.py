"""multipart/form-data, as the upload of a file comes. Everything in memory: the limit is WhatsApp's 100 MB."""

import re
from dataclasses import dataclass

_BOUNDARY = re.compile(r"boundary=(?:\"([^\"]+)\"|([^;\s]+))", re.IGNORECASE)
_NAME = re.compile(rb"[\s;]name=\"([^\"]*)\"", re.IGNORECASE)
_FILENAME = re.compile(rb"filename=\"([^\"]*)\"", re.IGNORECASE)
_TYPE = re.compile(rb"^content-type:[ \t]*(.+?)[ \t]*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Part:
    content: bytes
    filename: str | None = None
    mime_type: str = ""

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")


def parts_of(content_type: str, body: bytes) -> dict[str, Part]:
    """The parts by name, the last of each; {} when the body is no form at all."""
    return dict(all_parts(content_type, body))


def all_parts(content_type: str, body: bytes) -> list[tuple[str, Part]]:
    """(name, part) in the order of the form; [] when the body is no form at all."""
    found = _BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/form-data") or found is None:
        return []
    mark = b"--" + (found[1] or found[2]).encode()
    parts: list[tuple[str, Part]] = []
    for piece in (b"\r\n" + body).split(b"\r\n" + mark)[1:]:
        head, gap, content = piece.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if not gap or name is None:
            continue
        filename, kind = _FILENAME.search(head), _TYPE.search(head.replace(b"\r\n", b"\n"))
        part = Part(
            content,
            filename[1].decode("utf-8", "replace") if filename else None,
            kind[1].decode("latin-1") if kind else "",
        )
        parts.append((name[1].decode("utf-8", "replace"), part))
    return parts
