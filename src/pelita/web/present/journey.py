"""The way of an inquiry through the office, from its journal: pills in the thread and the timeline beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.base.text import mask_numbers, one_line
from pelita.desk import rules
from pelita.desk.models import Answer, Disposition, Holder, Inquiry, InquirySource, InquiryState
from pelita.journal.models import Fact
from pelita.offices.rules import Place
from pelita.web import words
from pelita.web.present import people
from pelita.web.present.diffing import Piece, compare
from pelita.web.present.rows import mine
from pelita.web.ui import Step

QUOTED = 240
WORTH_SAYING = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that is known of one inquiry's way, read once for pills and timeline.

    ``others``: codes of other inquiries on it that the viewer may know.
    """

    inquiry: Inquiry
    viewer: Place
    citizen: str
    facts: Sequence[Fact]
    chain: Sequence[Disposition]
    answers: Sequence[Answer]
    now: datetime
    tz: ZoneInfo
    others: frozenset[str] = frozenset()

    def another(self, code: str) -> str:
        """Another inquiry, by its code as far as the viewer may see it."""
        return code if code in self.others else _("pertanyaan lain")

    def section(self, pk: object) -> str:
        """Short name of a section of the chain."""
        found = next((d.section.short_name for d in self.chain if d.section_id == pk), "")
        return found or _("seksi")

    def section_of(self, fact: Fact) -> str:
        """The section that a fact speaks of: named in it, or the one that it was told to."""
        return self.section(fact.data.get("section") or next(iter(fact.audience), None))

    def disposition(self, fact: Fact) -> Disposition | None:
        return next((d for d in self.chain if d.pk == fact.data.get("disposition")), None)

    def answer(self, fact: Fact) -> Answer | None:
        return next((a for a in self.answers if a.pk == fact.data.get("answer")), None)

    def refusal(self, fact: Fact) -> str:
        """Why the section gave it back: the hand-over that ended in that moment says it."""
        found = next((d for d in self.chain if d.ended_at == fact.at and d.reason), None)
        return found.reason if found else ""

    def admin(self) -> str:
        """Who holds what waits for an answer: the admin, or a leader for what is secret."""
        if rules.may_handle(self.viewer, self.inquiry):
            return _("Anda")
        return _("Camat atau Sekcam") if self.inquiry.secret else _("Admin")

    def actor(self, fact: Fact) -> str:
        return people.officer(fact.actor, self.viewer)


def _said(text: str) -> str:
    return f"“{mask_numbers(one_line(text, QUOTED))}”"


PILLS = {
    "inquiry.dispositioned": gettext_lazy("Diteruskan ke {section}."),
    "inquiry.recalled": gettext_lazy("Ditarik dari {section}."),
    "inquiry.refused": gettext_lazy("{section} mengembalikan: bukan tupoksi."),
    "answer.submitted": gettext_lazy("{section} menyerahkan jawaban."),
    "answer.returned": gettext_lazy("Jawaban dikembalikan ke {section}."),
    "answer.withdrawn": gettext_lazy("Jawaban yang menunggu dibuka ditarik untuk diperiksa lagi."),
    "inquiry.closed": gettext_lazy("Diselesaikan tanpa jawaban lagi."),
    "inquiry.reclaimed": gettext_lazy("Masih perlu dijawab."),
    "inquiry.hidden": gettext_lazy("Ditandai rahasia: hanya Camat dan Sekcam yang melihatnya."),
    "inquiry.revealed": gettext_lazy("Tidak rahasia lagi."),
}


NOTICE_WORDS = {
    "notice.delivered": gettext_lazy("sampai di HP warga"),
    "notice.read": gettext_lazy("dibaca warga"),
    "notice.failed": gettext_lazy("gagal terkirim"),
}


def pill(story: Story, fact: Fact) -> str:
    """One internal step as a sentence inside the thread; empty for what the thread shows itself."""
    if fact.verb == "answer.announced" and fact.actor is None:
        return _("Jendela balas tertutup saat jawaban dikirim, jadi warga diberi tahu dengan pesan templat.")
    if fact.verb == "inquiry.dispositioned" and fact.actor is None:
        return _("Diteruskan dari katalog ke {section}.").format(section=story.section_of(fact))
    if fact.verb not in PILLS or fact.actor is None:
        return ""
    return str(PILLS[fact.verb]).format(section=story.section_of(fact))


def _handed(story: Story, fact: Fact) -> Step | None:
    """Steps from hand to hand."""
    time = words.moment_words(fact.at, story.now, story.tz)
    section = story.section_of(fact)
    if fact.verb == "inquiry.dispositioned":
        given = story.disposition(fact)
        note = _("Instruksi: {text}").format(text=_said(given.instruction)) if given and given.instruction else ""
        if given and given.given_by is None:
            note = given.instruction
        return Step(story.actor(fact) or _("Katalog"), time, to=section, note=note)
    if fact.verb == "inquiry.recalled":
        return Step(story.actor(fact), time, detail=_("menarik dari {section}").format(section=section))
    if fact.verb == "inquiry.refused":
        reason = story.refusal(fact)
        note = _("Bukan tupoksi: {text}").format(text=_said(reason)) if reason else _("Bukan tupoksi")
        return Step(section, time, to=story.admin(), note=note)
    if fact.verb == "answer.submitted":
        return Step(section, time, to=story.admin(), detail=_("jawaban"))
    if fact.verb == "answer.returned":
        answer = story.answer(fact)
        note = _("Dikembalikan: {text}").format(text=_said(answer.reason)) if answer and answer.reason else ""
        return Step(story.actor(fact), time, to=section, note=note)
    return None


# What needs no more than who and what. An empty ``who`` is the fact's actor.
SAID = {
    "inquiry.reopened": (gettext_lazy("Warga"), gettext_lazy("menulis lagi")),
    "inquiry.unchosen": (gettext_lazy("Warga"), gettext_lazy("tidak memilih, kembali ke Admin")),
    "inquiry.phoned": (gettext_lazy("HP kantor"), gettext_lazy("menjawab warga")),
    "inquiry.replied": (gettext_lazy("Asisten"), gettext_lazy("menjawab otomatis")),
    "inquiry.confirmed": (gettext_lazy("Warga"), gettext_lazy("menyatakan sudah terjawab")),
    "inquiry.reclaimed": ("", gettext_lazy("menandai masih perlu dijawab")),
    "inquiry.hidden": ("", gettext_lazy("menandai rahasia")),
    "inquiry.revealed": ("", gettext_lazy("membuka yang rahasia untuk Admin")),
    "time.asked": ("", gettext_lazy("minta waktu lagi")),
    "time.granted": ("", gettext_lazy("mengundur tenggat")),
    "time.refused": ("", gettext_lazy("tidak mengundur tenggat")),
    "answer.delivered": (gettext_lazy("Jawaban"), gettext_lazy("sampai di HP warga")),
    "answer.read": (gettext_lazy("Jawaban"), gettext_lazy("dibaca warga")),
    "answer.failed": (gettext_lazy("Jawaban"), gettext_lazy("gagal terkirim")),
}
# With these the admin has it, and the next hand is told how long.
TAKEN = {"inquiry.opened", "inquiry.reopened", "inquiry.unchosen", "answer.failed", "notice.failed"}
ESCALATED = {
    "deputy": gettext_lazy("diberitahukan kepada Sekcam"),
    "leader": gettext_lazy("diberitahukan kepada Camat"),
}


def _outward(story: Story, fact: Fact) -> Step | None:
    """Steps between the office and the citizen's phone."""
    time = words.moment_words(fact.at, story.now, story.tz)
    if fact.verb in SAID:
        who, what = SAID[fact.verb]
        return Step(str(who) or story.actor(fact), time, detail=str(what))
    if fact.verb == "inquiry.opened":
        return Step(_("Masuk"), time, detail=_("dari {name}").format(name=story.citizen))
    if fact.verb == "answer.sent" and fact.actor is not None:
        detail = _("menyunting dan mengirim ke warga") if fact.data.get("edited") else _("mengirim ke warga")
        return Step(story.actor(fact), time, detail=detail, pieces=_edit(story, fact))
    if fact.verb == "inquiry.merged":
        return Step(_("Digabung"), time, detail=_("ke {code}").format(code=story.another(fact.data.get("into", ""))))
    if fact.verb == "inquiry.closed":
        return Step(_("Selesai"), time, detail=story.actor(fact))
    return None


def _late(story: Story, fact: Fact) -> Step | None:
    """A deadline passed and somebody above was told."""
    said = ESCALATED.get(fact.data.get("to", "")) if fact.verb == "inquiry.escalated" else None
    time = words.moment_words(fact.at, story.now, story.tz)
    return Step(_("Terlambat"), time, detail=str(said), late=True) if said else None


def _edit(story: Story, fact: Fact) -> Sequence[Piece]:
    """What the admin changed in the section's answer before it left; both texts are kept. Numbers are covered."""
    answer = story.answer(fact)
    if answer is None or not fact.data.get("edited"):
        return ()
    return compare(mask_numbers(answer.text), mask_numbers(answer.final_text)).pieces


def _announced(story: Story, fact: Fact) -> Step | None:
    """Steps of an answer that waits for the reply window."""
    time = words.moment_words(fact.at, story.now, story.tz)
    if fact.verb == "answer.announced":
        if fact.actor is None:
            return Step(_("Jawaban"), time, detail=_("terlambat untuk jendela balas, diberitahukan lewat templat"))
        detail = _("memberi tahu warga, jawaban menunggu dibuka")
        return Step(story.actor(fact), time, detail=detail, pieces=_edit(story, fact))
    if fact.verb == "answer.released":
        return Step(_("Warga"), time, detail=_("membuka, jawaban dikirim"))
    if fact.verb == "answer.withdrawn":
        if fact.actor is None:
            return Step(_("Jawaban"), time, detail=_("kembali untuk diperiksa, warga menulis sebelum membukanya"))
        return Step(story.actor(fact), time, detail=_("menarik jawaban yang menunggu dibuka"))
    said = NOTICE_WORDS.get(fact.verb)
    return Step(_("Pemberitahuan"), time, detail=str(said)) if said else None


ARRANGED = {
    "inquiry.kind_changed": gettext_lazy("mengubah jenisnya"),
    "inquiry.split": gettext_lazy("memisahkan pesan menjadi {into}"),
    "inquiry.absorbed": gettext_lazy("menggabungkan {other} ke sini"),
    "inquiry.linked": gettext_lazy("menautkan dengan {other}"),
    "inquiry.resumed": gettext_lazy("membuka lagi"),
    "inquiry.put_away": gettext_lazy("menandai bukan pertanyaan"),
    "inquiry.taken_back": gettext_lazy("mengembalikan ke meja"),
    "referral.made": gettext_lazy("merujuk ke lembaga lain"),
    "referral.asked": gettext_lazy("menanyakan rujukan, belum ada hasil"),
    "referral.numbered": gettext_lazy("mencatat nomor rujukan"),
    "referral.ended": gettext_lazy("mencatat hasil rujukan"),
    "answer.told": gettext_lazy("menyampaikan jawaban: {how}"),
    "information.extended": gettext_lazy("memperpanjang tenggat informasi 7 hari kerja"),
    "citizen.village": gettext_lazy("mencatat desa warga"),
}


def _arranged(story: Story, fact: Fact) -> Step | None:
    """What the admin put in order, or did outside WhatsApp."""
    if fact.verb not in ARRANGED:
        return None
    how = dict(InquirySource.choices).get(fact.data.get("how", ""), "")
    into, other = (story.another(fact.data.get(name, "")) for name in ("into", "other"))
    said = str(ARRANGED[fact.verb]).format(into=into, other=other, how=str(how).lower())
    if fact.verb == "inquiry.linked" and not fact.data.get("other"):
        said = _("melepas tautan")
    return Step(story.actor(fact), words.moment_words(fact.at, story.now, story.tz), detail=said)


HELPED = {
    "help.withdrawn": gettext_lazy("tidak lagi melibatkan {section}"),
    "help.asked": gettext_lazy("meminta bahan"),
    "help.given": gettext_lazy("memberi bahan jawaban"),
    "disposition.read": gettext_lazy("membuka"),
    "disposition.accepted": gettext_lazy("mengerjakan"),
}


def _helped(story: Story, fact: Fact) -> Step | None:
    """Steps of sections beside the one that answers, and their stamps."""
    time, section = words.moment_words(fact.at, story.now, story.tz), story.section_of(fact)
    if fact.verb == "help.refused":
        given = story.disposition(fact)
        note = _("Bukan tupoksi: {text}").format(text=_said(given.reason)) if given and given.reason else ""
        return Step(section, time, detail=_("tidak ikut membantu"), note=note)
    if fact.verb not in HELPED:
        return None
    said = str(HELPED[fact.verb]).format(section=section)
    if fact.verb == "help.asked":
        return Step(story.actor(fact), time, to=section, detail=said)
    if fact.verb == "help.withdrawn":
        return Step(story.actor(fact), time, detail=said)
    return Step(section, time, detail=f"{said}: {story.actor(fact)}")


def holding(story: Story) -> str:
    """In whose hands the inquiry is now, as a sentence begins: ``Di tangan Kesra``."""
    inquiry = story.inquiry
    if inquiry.holder == Holder.ADMIN:
        return _("Di tangan {name}").format(name=story.admin())
    if inquiry.holder == Holder.SECTION:
        return _("Di tangan {name}").format(name=inquiry.section.short_name if inquiry.section else _("seksi"))
    if inquiry.state == InquiryState.WAITING_CITIZEN:
        return _("Menunggu warga membuka")
    if inquiry.holder == Holder.CITIZEN:
        return _("Menunggu warga")
    return _("Jawaban sedang dikirim") if inquiry.state == InquiryState.ANSWERED else ""


def steps(story: Story) -> list[Step]:
    """The timeline, oldest first, with how long each hand held it, and last who holds it now."""
    found: list[Step] = []
    taken: datetime | None = None
    for fact in story.facts:
        handed = _handed(story, fact)
        step = handed or _announced(story, fact) or _helped(story, fact) or _outward(story, fact)
        step = step or _arranged(story, fact) or _late(story, fact)
        if step is None:
            continue
        if handed and taken and fact.at - taken >= WORTH_SAYING:
            lasted = _("sesudah {time}").format(time=words.waiting_words(taken, fact.at))
            step = replace(step, detail=", ".join(filter(None, (step.detail, lasted))))
        if handed or fact.verb in {
            "inquiry.opened",
            "inquiry.reopened",
            "inquiry.unchosen",
            "answer.failed",
            "notice.failed",
        }:
            taken = fact.at
        found.append(step)
    now = holding(story)
    if now:
        own = mine(story.inquiry, story.viewer)
        elsewhere = not own and story.inquiry.holder != Holder.CITIZEN
        time = words.waiting_words(story.inquiry.held_since, story.now)
        found.append(Step(now, time, mine=own, now=elsewhere))
    return found
