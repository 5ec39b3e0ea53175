"""More rows of ``test_routes``: posts for officers, templates of messages."""

from __future__ import annotations

LOGIN, OK, NOT_HERE, NO, METHOD, WAY_ON = 302, 200, 404, 403, 405, 303
MORE: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    # Heads see their own sections; of the people here each officer of a section is its head.
    "berita-angka": ((LOGIN, OK, OK, OK, OK, NO, OK, NO), (METHOD,) * 8),
    # The alarm is of the section for peace and order: the other heads see it and cannot end it.
    "berita-darurat": ((LOGIN, OK, OK, OK, OK, NO, OK, NO), (METHOD,) * 8),
    "berita-darurat-umumkan": ((METHOD,) * 8, (LOGIN, 422, 422, 422, 422, NO, 422, NO)),
    "berita-darurat-perpanjang": ((METHOD,) * 8, (LOGIN, 422, 422, 422, 422, NO, NOT_HERE, NO)),
    "berita-darurat-selesai": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, WAY_ON, NO, NOT_HERE, NO)),
    "nomor-tertaut": ((LOGIN, OK, NO, NO, NO, OK, NOT_HERE, NO), (METHOD,) * 8),
    "nomor-tertaut-saklar": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, NO, WAY_ON, NOT_HERE, NO)),
    # What is public is everybody's of the office to look at; a step must say which.
    "berita-bagikan": ((LOGIN, *(OK,) * 5, NOT_HERE, OK), (METHOD,) * 8),
    "berita-kartu": ((LOGIN, *(OK,) * 5, NOT_HERE, OK), (METHOD,) * 8),
    "berita-jalan": ((METHOD,) * 8, (LOGIN, *(NOT_HERE,) * 7)),
    "berita-video": ((LOGIN, *(NOT_HERE,) * 7), (METHOD,) * 8),
    # The list is everybody's; a draft of Kesra is seen by those who may write on it.
    "berita": ((LOGIN, *(OK,) * 7), (METHOD,) * 8),
    "berita-baru": ((LOGIN, OK, OK, OK, OK, NO, OK, NO), (LOGIN, 422, 422, 422, 422, NO, 422, NO)),
    "berita-satu": ((LOGIN, OK, OK, NOT_HERE, OK, *(NOT_HERE,) * 3), (METHOD,) * 8),
    "berita-ubah": (
        (LOGIN, OK, OK, NOT_HERE, OK, *(NOT_HERE,) * 3),
        (LOGIN, 422, 422, NOT_HERE, 422, *(NOT_HERE,) * 3),
    ),
    # What is not public yet is edited, not corrected.
    "berita-koreksi": (
        (LOGIN, WAY_ON, WAY_ON, NOT_HERE, WAY_ON, *(NOT_HERE,) * 3),
        (LOGIN, WAY_ON, WAY_ON, NOT_HERE, WAY_ON, *(NOT_HERE,) * 3),
    ),
    "berita-langkah": ((METHOD,) * 8, (LOGIN, 422, 422, NOT_HERE, 422, *(NOT_HERE,) * 3)),
    "berita-foto": ((LOGIN, OK, OK, NOT_HERE, OK, *(NOT_HERE,) * 3), (METHOD,) * 8),
    "berita-aturan": ((LOGIN, OK, NO, NO, NO, NO, OK, NO), (LOGIN, 422, NO, NO, NO, NO, 422, NO)),
    # Two of these really do something when knocked at: they ask for the list, and delete.
    "templat": ((LOGIN, OK, NO, NO, NO, OK, OK, NO), (METHOD,) * 8),
    "templat-baru": ((LOGIN, OK, NO, NO, NO, OK, WAY_ON, NO), (LOGIN, 422, NO, NO, NO, 422, WAY_ON, NO)),
    "templat-ambil": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, NO, WAY_ON, WAY_ON, NO)),
    "templat-satu": ((LOGIN, OK, NO, NO, NO, OK, NOT_HERE, NO), (METHOD,) * 8),
    "templat-hapus": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, NO, WAY_ON, NOT_HERE, NO)),
    "templat-ulang": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, NO, WAY_ON, NOT_HERE, NO)),
}
