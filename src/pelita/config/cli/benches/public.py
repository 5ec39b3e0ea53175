"""How soon public pages are there on a slow phone: a browser with an empty cache, a slow network, a slow processor.

Needs Chromium and the development requirements; everything else that is measured runs without them.
"""

from __future__ import annotations

import argparse
import shutil
import time
from typing import TYPE_CHECKING, Any

from pelita.config.cli.base import RefusalError, say
from pelita.config.cli.benches import summary
from pelita.config.cli.system import System, free_port, temporary_folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
# "Slow 4G" of Chromium's own tools, and a processor of a quarter of a free core. What other work on this machine takes
# away already counts towards that, or a busy machine would be measured and no phone.
LATENCY, DOWN, UP, SLOWER = 150, 1_600_000 / 8, 750_000 / 8, 4
SPIN = 0.15  # seconds
OFFICE = "/kantor/kemlagi"
PAGES = {
    "home": "/", "services": f"{OFFICE}/layanan", "service": f"{OFFICE}/layanan/KTP-HILANG",
    "contacts": f"{OFFICE}/kontak", "save": f"{OFFICE}/simpan",
}  # fmt: skip
READ = """async () => {
  await document.fonts.ready;
  const page = performance.getEntriesByType("navigation")[0];
  const all = performance.getEntriesByType("resource").concat(page);
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const bytes = all.reduce((sum, one) => sum + one.encodedBodySize, 0);
  return {load: page.loadEventEnd, paint: paint ? paint.startTime : 0, bytes, requests: all.length};
}"""


def run(options: argparse.Namespace) -> dict[str, object]:
    """Every page in turn, each time as a first visit, until `--seconds` have passed; each at least three times."""
    try:
        # A development requirement: the product itself runs without it.
        from playwright.sync_api import sync_playwright  # noqa: PLC0415
    except ImportError:
        raise RefusalError(
            "Pengukuran ini memerlukan requirements-dev. / Needs the development requirements."
        ) from None
    folder = temporary_folder()
    system = System(folder, free_port())
    try:
        say("Menyalakan sistem …")
        system.start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            try:
                return measure(browser, f"http://127.0.0.1:{system.port}", options.seconds)
            finally:
                browser.close()
    finally:
        system.stop()
        shutil.rmtree(folder, ignore_errors=True)


def measure(browser: Browser, address: str, seconds: float) -> dict[str, object]:
    """Times in milliseconds from the tap to the load event; weight as it came over the wire, typeface included."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in PAGES}
    for path in PAGES.values():
        _visit(browser, address + path)  # the server's own first time is no visitor's
    began = time.monotonic()
    while min(map(len, found.values())) < 3 or time.monotonic() - began < seconds:
        for name, path in PAGES.items():
            found[name].append(_visit(browser, address + path))
    loads = [one["load"] / 1000 for visits in found.values() for one in visits]
    kinds = {name: _facts(visits) for name, visits in found.items()}
    shares = sorted(one["share"] for visits in found.values() for one in visits)
    found_share = round(shares[len(shares) // 2], 2)
    return summary("public", loads, time.monotonic() - began) | {"core_share": found_share, "kinds": kinds}


def _share() -> float:
    """How much of a core this process gets just now: 1 on a quiet machine."""
    began, spent = time.perf_counter(), time.process_time()
    while time.perf_counter() - began < SPIN:
        pass
    return min(1.0, (time.process_time() - spent) / (time.perf_counter() - began))


def _visit(browser: Browser, address: str) -> dict[str, float]:
    share = _share()
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    try:
        page = context.new_page()
        tools = context.new_cdp_session(page)
        network = {"offline": False, "latency": LATENCY, "downloadThroughput": DOWN, "uploadThroughput": UP}
        tools.send("Network.enable")
        tools.send("Network.emulateNetworkConditions", network)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": max(1.0, SLOWER * share)})
        page.goto(address, wait_until="load")
        page.wait_for_function("performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
        read: dict[str, float] = page.evaluate(READ)
        return read | {"share": share}
    finally:
        context.close()


def _facts(visits: list[dict[str, float]]) -> dict[str, Any]:
    loads, paints = sorted(one["load"] for one in visits), sorted(one["paint"] for one in visits)
    return {
        "load_p50_ms": round(loads[len(loads) // 2]), "load_worst_ms": round(loads[-1]),
        "paint_p50_ms": round(paints[len(paints) // 2]), "kb": round(visits[-1]["bytes"] / 1000, 1),
        "requests": round(visits[-1]["requests"]), "count": len(visits),
    }  # fmt: skip
