"""Which files WhatsApp takes: the kinds of a media message, their real types and sizes."""

from dataclasses import dataclass

MB = 1_000_000


@dataclass(frozen=True)
class FileKind:
    """`types` maps a MIME type to the most bytes."""

    types: dict[str, int]
    caption: bool = False


OFFICE_TYPES = (
    "text/plain",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
)
PICTURES = {"image/jpeg": 5 * MB, "image/png": 5 * MB}
FILMS = {"video/mp4": 16 * MB, "video/3gpp": 16 * MB}
SOUNDS = dict.fromkeys(("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/opus"), 16 * MB)
STICKERS = {"image/webp": 500_000}

FILES: dict[str, FileKind] = {
    "image": FileKind(PICTURES, caption=True),
    "video": FileKind(FILMS, caption=True),
    "audio": FileKind(SOUNDS),
    # A picture, a film or a sound may be sent as a document too.
    "document": FileKind(
        {**dict.fromkeys((*OFFICE_TYPES, *PICTURES, *FILMS, *SOUNDS), 100 * MB), "image/webp": 100 * MB}, caption=True
    ),
    "sticker": FileKind(STICKERS),
}
MOST_BYTES = 100 * MB
ALL_TYPES = sorted({name for kind in FILES.values() for name in kind.types})


# The first bytes of a file, and the brands of MP4's family (HEIC pictures belong to it too and are none of these).
MARKS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))

FILM_BRANDS = (b"iso", b"mp4", b"avc1", b"M4V", b"MSNV", b"dash")


def real_type(content: bytes) -> str:
    """The MIME type of a picture or film by its first bytes; that of unknown bytes otherwise."""
    for mark, name in MARKS:
        if content.startswith(mark):
            return name
    brand = content[8:12] if content[4:8] == b"ftyp" else b""
    if brand.startswith(b"3g"):
        return "video/3gpp"
    if brand.startswith(FILM_BRANDS):
        return "video/mp4"
    return "application/octet-stream"


def bare(mime_type: str) -> str:
    """Without parameters: "audio/ogg; codecs=opus" → "audio/ogg"."""
    return mime_type.partition(";")[0].strip().lower()


def most_bytes(mime_type: str) -> int | None:
    """The upload limit of a type: that of the smallest kind that takes it; None when no kind does."""
    sizes = [kind.types[bare(mime_type)] for kind in FILES.values() if bare(mime_type) in kind.types]
    return min(sizes, default=None)
