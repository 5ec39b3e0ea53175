"""A catalogue in WhatsApp, and a file of services, for the tests of screens."""

from __future__ import annotations

from pelita.catalog import actions_copied, exchange, importing
from pelita.catalog.models import CopiedItem, Service
from pelita.web.present.goods import goods_of
from pelita.whatsapp.actions import goods
from pelita.whatsapp.models import GoodsItem, GoodsSync
from tests.web.conftest import World


def stocked(world: World) -> None:
    """A catalogue in WhatsApp with an item in each state, one of them on its way out."""
    goods.choose(
        line=world.line, catalog_id="354160437058781", price=0, on=True, by=world.place("admin"), now=world.now
    )
    stand = GoodsSync.objects.select_related("line__office").get(office=world.office)
    goods.want(sync=stand, wanted=goods_of(stand.line), now=world.now)
    rows = GoodsItem.objects.filter(office=world.office).order_by("code")
    rows.update(given="x", state="there")
    rows.filter(code="KIA").update(state="refused", error="Image could not be fetched from the address")
    rows.filter(code="KK-BARU").update(state="sent")
    rows.filter(code="AKTA-MATI").update(wanted="", state="waiting")
    GoodsSync.objects.filter(office=world.office).update(answered_at=world.now)


def uploaded(world: World) -> int:
    """A file with one new service and one that differs, which the admin has not said yes to."""
    raw = b"""{"services": [
        {"code": "KK-BARU", "cost": "Gratis, cukup datang"},
        {"code": "BARU-1", "section": "KESRA", "name": "Layanan baru", "short_name": "Layanan baru"}
    ]}"""
    by = world.place("admin")
    return importing.keep(exchange.from_json(raw), filename="layanan.json", by=by, now=world.now).pk


def copied(world: World) -> str:
    """The sheet for the app's catalogue: one service copied, one copied before it changed, the others not yet."""
    by = world.place("admin")
    for code in ("AHLI-WARIS", "AKTA-LAHIR"):
        service = Service.objects.get(office=world.office, code=code)
        actions_copied.tick(service=service, number=1, by=by, now=world.now)
    CopiedItem.objects.filter(office=world.office, service__code="AKTA-LAHIR").update(number=0)
    return "/layanan/lembar-katalog"
