"""Addresses of the screens. Codes stand in them; names, numbers and messages never do."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from pelita.web import live
from pelita.web.views import (
    absences,
    account,
    answering,
    arranging,
    connecting,
    desk,
    disposing,
    drafting,
    failed,
    finding,
    kept,
    lines,
    managing,
    media,
    noting,
    phoning,
    public,
    registers,
    replies,
    review,
    session,
    tasks,
    templates,
    told,
)
from pelita.web.views.guards import GET, Who, guard
from pelita.web.views.styleguide import styleguide


class CodeConverter:
    """An inquiry's code as people type it: ``KML-4F7Q``, small letters allowed."""

    regex = "[A-Za-z]{2,5}-[0-9A-Za-z]{4,6}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(CodeConverter, "code")

urlpatterns: list[URLPattern] = [
    path("", public.home, name="beranda"),
    path("masuk", session.sign_in, name="masuk"),
    path("keluar", session.sign_out, name="keluar"),
    path("saya", account.me, name="saya"),
    path("saya/kata-sandi", account.password, name="kata-sandi"),
    path("tidak-di-kantor", absences.absences, name="tidak-di-kantor"),
    path("tidak-di-kantor/catat", absences.enter, name="tidak-di-kantor-catat"),
    path("tidak-di-kantor/<int:absence>/akhiri", absences.end, name="tidak-di-kantor-akhiri"),
    path("menu", desk.menu, name="menu"),
    path("meja", desk.desk, name="meja"),
    path("meja/langsung", live.stream, name="langsung"),
    path("meja/baru", registers.new, name="catat-baru"),
    path("meja/bukan-pertanyaan", registers.put_away, name="bukan"),
    path("meja/diblokir", registers.blocked, name="diblokir"),
    path("rujukan", registers.referrals, name="rujukan"),
    path("register", registers.register, name="register"),
    path("meja/<code:code>", desk.conversation, name="percakapan"),
    path("meja/<code:code>/disposisi", disposing.dispose, name="disposisi"),
    path("meja/<code:code>/tarik", disposing.recall, name="tarik"),
    path("meja/<code:code>/bantuan", disposing.ask_help, name="bantuan"),
    path("meja/<code:code>/bantuan-selesai", disposing.call_off, name="bantuan-selesai"),
    path("meja/<code:code>/jawab", answering.answer, name="jawab"),
    path("meja/<code:code>/draf", drafting.desk_draft, name="draf-meja"),
    path("meja/<code:code>/tarik-jawaban", answering.withdraw, name="tarik-jawaban"),
    path("meja/<code:code>/selesai", answering.close, name="selesai"),
    path("meja/<code:code>/masih-perlu", phoning.still_open, name="masih-perlu"),
    path("meja/<code:code>/minta-nomor", phoning.ask, name="minta-nomor"),
    path("meja/<code:code>/lainnya", managing.more, name="lainnya"),
    path("meja/<code:code>/jenis", arranging.kind, name="jenis"),
    path("meja/<code:code>/disampaikan", arranging.told, name="disampaikan"),
    path("meja/<code:code>/rujuk", arranging.refer, name="rujuk"),
    path("meja/<code:code>/hasil-rujukan", arranging.outcome, name="hasil-rujukan"),
    path("meja/<code:code>/pisah", arranging.split, name="pisah"),
    path("meja/<code:code>/gabung", arranging.join, name="gabung"),
    path("meja/<code:code>/tautkan", arranging.link, name="tautkan"),
    path("meja/<code:code>/buka-lagi", arranging.reopen, name="buka-lagi"),
    path("meja/<code:code>/bukan-pertanyaan", arranging.put_away, name="bukan-pertanyaan"),
    path("meja/<code:code>/kembalikan-meja", arranging.take_back, name="kembalikan-meja"),
    path("meja/<code:code>/blokir", arranging.block, name="blokir"),
    path("meja/<code:code>/buka-blokir", arranging.unblock, name="buka-blokir"),
    path("meja/<code:code>/rahasia", managing.hide, name="rahasia"),
    path("meja/<code:code>/buka-rahasia", managing.reveal, name="buka-rahasia"),
    path("meja/<code:code>/dibaca", answering.seen, name="dibaca"),
    path("meja/<code:code>/catatan", noting.write, name="catatan"),
    path("meja/<code:code>/rekan", noting.colleagues, name="rekan"),
    path("meja/<code:code>/periksa", review.review, name="periksa"),
    path("meja/<code:code>/kirim", review.send, name="kirim"),
    path("meja/<code:code>/kembalikan", review.send_back, name="kembalikan"),
    path("tugas", tasks.tasks, name="tugas"),
    path("tugas/<code:code>", tasks.task, name="tugas-satu"),
    path("tugas/<code:code>/draf", tasks.draft, name="draf"),
    path("tugas/<code:code>/serahkan", tasks.submit, name="serahkan"),
    path("tugas/<code:code>/kerjakan", tasks.accept, name="kerjakan"),
    path("tugas/<code:code>/bahan", tasks.contribute, name="bahan"),
    path("tugas/<code:code>/bukan-tupoksi", tasks.refuse, name="bukan-tupoksi"),
    path("pemberitahuan", told.notices, name="pemberitahuan"),
    path("pemberitahuan/dibaca", told.all_read, name="pemberitahuan-dibaca"),
    path("pemberitahuan/<int:notice>", told.open_notice, name="pemberitahuan-buka"),
    path("cari", finding.search, name="cari"),
    path("kabar", lines.notices, name="kabar"),
    path("nomor", lines.lines, name="nomor"),
    path("nomor/baru", connecting.new, name="nomor-baru"),
    path("nomor/gagal", failed.letters, name="gagal"),
    path("nomor/gagal/<int:outbound>/kirim-ulang", failed.again, name="gagal-kirim"),
    path("nomor/gagal/<int:outbound>/sudah-diurus", failed.done, name="gagal-urus"),
    path("nomor/tersimpan", kept.groups, name="tersimpan"),
    path("nomor/tersimpan/daftar", kept.items, name="tersimpan-daftar"),
    path("nomor/tersimpan/coba-lagi", kept.all_again, name="tersimpan-semua"),
    path("nomor/tersimpan/<int:item>", kept.item, name="tersimpan-butir"),
    path("nomor/tersimpan/<int:item>/coba-lagi", kept.again, name="tersimpan-ulang"),
    path("nomor/<int:line>/sambungan", connecting.connection, name="sambungan"),
    path("nomor/<int:line>/periksa", connecting.examine, name="nomor-periksa"),
    path("nomor/<int:line>/uji", connecting.test, name="nomor-uji"),
    path("nomor/<int:line>/lanjutkan", lines.resume, name="nomor-lanjut"),
    path("nomor/<int:line>/biaya", lines.month, name="biaya"),
    path("nomor/<int:line>/jatah", lines.free_messages, name="jatah"),
    path("nomor/<int:line>/harga", lines.price, name="harga"),
    path("berkas/<int:pk>", media.file, name="berkas"),
    path("berkas/<int:pk>/kecil", media.small, name="berkas-kecil"),
    path("berkas/<int:pk>/ambil", media.again, name="berkas-ambil"),
    path("meja/<code:code>/balasan", replies.offered, name="balasan-sisip"),
    path("balasan", replies.replies, name="balasan"),
    path("balasan/baru", replies.new, name="balasan-baru"),
    path("balasan/<int:reply>", replies.one, name="balasan-satu"),
    path("balasan/<int:reply>/arsip", replies.archive, name="balasan-arsip"),
    path("balasan/<int:reply>/pakai", replies.used, name="balasan-pakai"),
    path("templat", templates.templates, name="templat"),
    path("templat/baru", templates.new, name="templat-baru"),
    path("templat/ambil", templates.sync, name="templat-ambil"),
    path("templat/<int:template>", templates.template, name="templat-satu"),
    path("templat/<int:template>/hapus", templates.delete, name="templat-hapus"),
    path("templat/<int:template>/ulang", templates.again, name="templat-ulang"),
    path("gaya", guard(Who.OFFICER, *GET)(styleguide), name="gaya"),
]
