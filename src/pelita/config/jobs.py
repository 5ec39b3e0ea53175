"""The background jobs, and what the clock alone causes.

Every job may be killed at any line: what it had not committed is found again by the sweep. So no job holds a
Procrastinate lock, and the queue is only a bell; the work itself lies in the tables of the rooms.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import ParamSpec

from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app

from pelita.assistant.jobs import BATCH as SILENCES
from pelita.assistant.jobs import note_silence, return_unchosen
from pelita.base import clock
from pelita.catalog import items
from pelita.config import wiring
from pelita.desk.actions import cataloguing, reminding
from pelita.desk.actions.absences import hand_over
from pelita.desk.actions.indexing import BATCH as INDEX_BATCH
from pelita.desk.actions.indexing import index_due
from pelita.desk.actions.merging import mend
from pelita.desk.jobs import close_silent, own_waiting
from pelita.desk.officers import carrying, pushing
from pelita.news import feeding, publishing, rules_broadcast
from pelita.news import reminding as news_reminding
from pelita.news.actions import BATCH as POSTS
from pelita.news.actions import publish_due
from pelita.news.actions_figures import note_replies
from pelita.web.present import told as told_words
from pelita.web.present.goods import goods_of
from pelita.whatsapp import blocking as blocks
from pelita.whatsapp import jobs, phone_syncing, queries, sending, stocking, templating
from pelita.whatsapp.actions import blocking, goods, phone_sync, templates
from pelita.whatsapp.actions.adopting import adopt_due
from pelita.whatsapp.actions.connecting import record_examination
from pelita.whatsapp.actions.explode import explode_bodies
from pelita.whatsapp.actions.media import media_due
from pelita.whatsapp.actions.meter import count_deliveries
from pelita.whatsapp.actions.process import process_items
from pelita.whatsapp.actions.settle import settle
from pelita.whatsapp.examination import examine
from pelita.whatsapp.media import moving
from pelita.whatsapp.models import Line
from pelita.whatsapp.trouble import told
from pelita.whatsapp.webhook import PATH as WEBHOOK

log = logging.getLogger(__name__)

MUCH = 200  # bodies and items in one round; so many mean that there are more
INBOX_BUDGET = 30.0  # seconds after which an inbox job makes room for others
OUTBOX_BUDGET = 10.0
MEDIA_BUDGET = 20.0
BROADCAST_BUDGET = 30.0
DEAD_WORKER = 30.0  # seconds without a heartbeat

# Set when the process is asked to stop: jobs end after the batch that they are in.
STOPPING = threading.Event()


P = ParamSpec("P")


def contained(run: Callable[P, None]) -> Callable[P, None]:
    """A job whose failure is one line in the log. The queue's own report would quote the error's text, which may
    hold a citizen's words; and the job need not be kept, because the sweep finds what it left."""

    @wraps(run)
    def contain(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            run(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 (whatever it is, the process goes on with other work)
            log.error("job %s failed: %s", run.__name__, told(error))  # noqa: TRY400 (a trace quotes the error)

    return contain


@app.task(name=jobs.PROCESS_INBOX, queue=jobs.INBOX_QUEUE)
@contained
def process_inbox() -> None:
    """Take bodies apart and items in until nothing is due."""
    until = time.monotonic() + INBOX_BUDGET
    while not STOPPING.is_set():
        now = clock.now()
        done = work_inbox(now=now)
        if not done:
            return
        if done >= MUCH:
            jobs.defer_inbox()  # a free slot here or elsewhere takes part
        if time.monotonic() > until:
            jobs.wake_inbox()
            return


def work_inbox(*, now: datetime) -> int:
    """One round: some bodies, then the items that are due. Returns how much was done."""
    done = explode_bodies(now=now, handlers=wiring.HANDLERS)
    return done + process_items(now=now, handlers=wiring.HANDLERS)


@app.task(name=jobs.DRAIN_OUTBOX, queue=jobs.OUTBOX_QUEUE)
@contained
def drain_outbox(line_id: int) -> None:
    """Send what waits on one line."""
    more = sending.drain(
        line_id=line_id,
        gateways=wiring.GATEWAYS,
        handlers=wiring.HANDLERS,
        budget_seconds=OUTBOX_BUDGET,
        stop=STOPPING,
    )
    if more and not STOPPING.is_set():
        jobs.wake_outbox(line_id)


@app.task(name=jobs.EXAMINE_LINE, queue=jobs.OUTBOX_QUEUE)
@contained
def examine_line(line_id: int) -> None:
    """Look whether a number is set up, because a person asked."""
    line = (
        Line.objects.across_offices("a job names its line, and the line its office")
        .select_related("app")
        .get(pk=line_id)
    )
    webhook = settings.PUBLIC_URL + WEBHOOK
    found = examine(line, examiners=wiring.EXAMINERS, webhook=webhook, now=clock.now())
    record_examination(line=line, checks=found, now=clock.now())


@app.task(name=jobs.MOVE_MEDIA, queue=jobs.MEDIA_QUEUE)
@contained
def move_media() -> None:
    """Fetch citizens' files and upload the office's."""
    more = moving.drain(
        gateways=wiring.GATEWAYS, handlers=wiring.HANDLERS.files, budget_seconds=MEDIA_BUDGET, stop=STOPPING
    )
    if more and not STOPPING.is_set():
        jobs.wake_media()


@app.task(name=jobs.SYNC_TEMPLATES, queue=jobs.OUTBOX_QUEUE)
@contained
def sync_templates(line_id: int) -> None:
    """Compare one line's templates with WhatsApp's list."""
    templating.sync(line_id=line_id, gateways=wiring.TEMPLATE_GATEWAYS)


@app.task(name=jobs.SYNC_PHONE, queue=jobs.OUTBOX_QUEUE)
@contained
def sync_phone(line_id: int) -> None:
    """Ask for what the office's phone holds."""
    phone_syncing.sync(line_id=line_id, gateways=wiring.PHONE_GATEWAYS)


@app.task(name=jobs.SYNC_GOODS, queue=jobs.OUTBOX_QUEUE)
@contained
def sync_goods(line_id: int) -> None:
    """Bring one line's catalogue in step with what the office published."""
    stocking.sync(line_id=line_id, gateways=wiring.GOODS_GATEWAYS, source=goods_of)


@app.task(name=jobs.TELL_BLOCKS, queue=jobs.OUTBOX_QUEUE)
@contained
def tell_blocks(line_id: int) -> None:
    """Tell WhatsApp whom a number lets through no more."""
    blocks.tell(line_id=line_id, gateways=wiring.BLOCK_GATEWAYS)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something that every worker does now and then; safe to be done by many at once."""

    name: str
    every: float  # seconds
    run: Callable[[datetime], object]


def find_work(now: datetime) -> None:
    """Wake jobs for work that nobody was woken for: a lost wake, a pause that is over, a worker that died."""
    if queries.inbox_due(now):
        jobs.defer_inbox()
    for line_id in sending.lines_due(now):
        jobs.defer_outbox(line_id)
    for line_id in blocking.due(now):
        jobs.defer_blocks(line_id)
    if media_due(now):
        jobs.defer_media()


def settle_sendings(now: datetime) -> None:
    """Free and decide what a lost answer or a dead worker left open."""
    settle(now=now, handlers=wiring.HANDLERS.delivery)


def close_silent_inquiries(now: datetime) -> None:
    """Close what was answered a day ago and went silent."""
    close_silent(now=now)


def note_silence_after_replies(now: datetime) -> None:
    """What citizens let stand of the automatic replies."""
    while note_silence(now=now) >= SILENCES and not STOPPING.is_set():
        pass


def return_unchosen_questions(now: datetime) -> None:
    """Let no question rest on choices that nobody took."""
    while return_unchosen(now=now) >= SILENCES and not STOPPING.is_set():
        pass


def own_waiting_messages(now: datetime) -> None:
    """Give an owner to messages behind an answer that never arrives."""
    own_waiting(now=now)


def remind_of_deadlines(now: datetime) -> None:
    """Tell officers of deadlines that come and pass."""
    while reminding.remind(now=now) >= reminding.BATCH and not STOPPING.is_set():
        pass


def greet_the_morning(now: datetime) -> None:
    """Tell everybody once a day what waits."""
    reminding.digest(now=now)
    cataloguing.remind_of_reviews(now=now)
    news_reminding.remind_sections(now=now)


def join_replies_to_posts(_now: datetime) -> None:
    """Note which messages posts have caused."""
    note_replies()


def hand_over_for_absent_admins(now: datetime) -> None:
    """Let somebody else relay where no admin comes."""
    hand_over(now=now)


def count_costs(now: datetime) -> None:
    """Count what was delivered for the cost meter."""
    while count_deliveries(now=now) and not STOPPING.is_set():
        pass


def keep_templates(now: datetime) -> None:
    """Wake comparisons of templates that are due: of new lines, after news, and from time to time."""
    templates.look_after(now=now)
    for line_id in templates.due(now):
        jobs.defer_templates(line_id)


def adopt_kept_items(now: datetime) -> None:
    """Take in what came for a number before it was registered."""
    adopt_due(now=now)


def mend_merged_citizens(now: datetime) -> None:
    """Bring home what a message began for a citizen in the moment of being merged away."""
    mend(now=now)


def keep_phones(now: datetime) -> None:
    """Wake requests to phones that share a number: after a connection, and again where WhatsApp did not answer."""
    phone_sync.look_after(now=now)
    for line_id in phone_sync.due(now):
        jobs.defer_phone_sync(line_id)


def keep_catalogues(now: datetime) -> None:
    """Wake catalogues that are due: after a publication, while WhatsApp works at a batch, and once a day."""
    drawn = goods.drawn()
    newest = items.newest_changes(drawn.keys()) if drawn else {}
    goods.draw_again([one for one, at in newest.items() if (since := drawn[one]) is None or since < at], now=now)
    for line_id in goods.due(now):
        jobs.defer_goods(line_id)


def publish_posts(now: datetime) -> None:
    """Publish what was approved for this moment."""
    while publish_due(now=now) >= POSTS and not STOPPING.is_set():
        pass


def bring_posts_out(_now: datetime) -> None:
    """Carry posts on their ways. A chore of its own: cards are drawn in it, some to the second."""
    while publishing.run(now=clock.now()) and not STOPPING.is_set():
        pass


def index_what_is_said(now: datetime) -> None:
    """Make what was said findable: a little in each round, and all that is due when no message waits."""
    while index_due() >= INDEX_BATCH and not STOPPING.is_set() and not queries.inbox_due(now):
        pass


def carry_notices(now: datetime) -> None:
    """Bring officers' notices to their own phones."""
    while carrying.spread(now=now) >= carrying.BATCH and not STOPPING.is_set():
        pass
    while carrying.carry(now=now, sentence=told_words.sentence) >= carrying.BATCH and not STOPPING.is_set():
        pass


def feed_broadcasts(_now: datetime) -> None:
    """Bring broadcasts into the outbox, a quarter of a second's worth at a time. A chore of its own: it stays while one
    runs."""
    ends = time.monotonic() + BROADCAST_BUDGET
    while feeding.feed(now=clock.now()) and time.monotonic() < ends:
        if STOPPING.wait(rules_broadcast.TICK):
            return


def push_notices(now: datetime) -> None:
    """Bring officers' notices to their devices. A chore of its own: a push service that hangs holds up nothing else."""
    pushing.try_devices(now=now)
    while pushing.push(now=clock.now(), words=told_words.pushed) >= pushing.BATCH and not STOPPING.is_set():
        pass


def sweep_queue(_now: datetime) -> None:
    """Forget workers that died and the jobs that they had in hand. Heartbeats are the database's time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_prune_stalled_workers_v1(%s)", [DEAD_WORKER])
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'doing' AND worker_id IS NULL")


CHORES = (
    Chore("find work", 2.0, find_work),
    Chore("keep templates", 10.0, keep_templates),
    Chore("adopt kept items", 5.0, adopt_kept_items),
    Chore("keep phones", 10.0, keep_phones),
    Chore("keep catalogues", 5.0, keep_catalogues),
    Chore("settle sendings", 5.0, settle_sendings),
    Chore("count costs", 5.0, count_costs),
    Chore("publish posts", 5.0, publish_posts),
    Chore("bring posts out", 2.0, bring_posts_out),
    Chore("index what is said", 2.0, index_what_is_said),
    Chore("carry notices", 2.0, carry_notices),
    Chore("push notices", 2.0, push_notices),
    Chore("feed broadcasts", 1.0, feed_broadcasts),
    Chore("sweep queue", 15.0, sweep_queue),
    Chore("join replies to posts", 60.0, join_replies_to_posts),
    Chore("close silent inquiries", 60.0, close_silent_inquiries),
    Chore("own waiting messages", 60.0, own_waiting_messages),
    Chore("note silence after replies", 300.0, note_silence_after_replies),
    Chore("return unchosen questions", 60.0, return_unchosen_questions),
    Chore("remind of deadlines", 30.0, remind_of_deadlines),
    Chore("greet the morning", 60.0, greet_the_morning),
    Chore("hand over for absent admins", 120.0, hand_over_for_absent_admins),
    Chore("mend merged citizens", 60.0, mend_merged_citizens),
)
