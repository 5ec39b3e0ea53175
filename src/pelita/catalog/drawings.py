"""Which drawing stands for a service. They are square, drawn for this project, and lie in ``static/catalog/art``."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "catalog" / "art"
ADDRESS = "catalog/art/{}.svg"  # below the static files
OTHERWISE = "surat"
# By the codes of the samples, where the drawing's name is not the code itself. An office's own codes begin alike.
_DRAWN = {
    "KK-UBAH": "kk-baru",
    "KK-HILANG": "kk-baru",
    "PINDAH-KELUAR": "pindah",
    "PINDAH-DATANG": "pindah",
    "SKCK-PENGANTAR": "polisi",
    "REK-PROPOSAL": "dana",
    "REK-ADD": "dana",
    "SANTUNAN-MATI": "akta-mati",
    "BANSOS-INFO": "bantuan",
    "DOMISILI": "tanah",
    "PPATS-AJB": "tanah",
    "TANAH-KET": "tanah",
    "PBG-INFO": "bangunan",
    "REK-PENELITIAN": "penelitian",
    "SENGKETA": "mediasi",
    "INFRA-ADUAN": "jalan",
    "PENGADUAN": "aduan",
    "INFO-PUBLIK": "arsip",
    "INFO-UMUM": "informasi",
}
_NAMES = frozenset(path.stem for path in FOLDER.glob("*.svg"))


def drawing(code: str) -> str:
    """Name of the drawing for a service's code, ``ktp-hilang``; a letter for one that nobody drew."""
    name = _DRAWN.get(code, code.lower())
    return name if name in _NAMES else OTHERWISE


def address(code: str) -> str:
    """The drawing below the static files, ``catalog/art/ktp-hilang.svg``."""
    return ADDRESS.format(drawing(code))
