"""The Web Share call of a page, observed: what it was given, and the same handed to the emulator's share target."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import httpx
from playwright.sync_api import Page

from tests.journeys.system import System

# A desktop browser has no share sheet. This one asks what Android's does: a touch that is still alive, and real files.
OBSERVE = """
window.shared = [];
Object.defineProperty(navigator, "canShare", { value: (data) => (data?.files ?? []).length > 0 });
Object.defineProperty(navigator, "share", { value: async (data) => {
  if (!navigator.userActivation.isActive) throw new DOMException("No touch", "NotAllowedError");
  if (!data.files.every((file) => file instanceof File)) throw new TypeError("No files");
  window.shared.push(data);
} });
"""
READ = """
async () => {
  const data = window.shared.at(-1);
  const bytes = async (file) => {
    const all = new Uint8Array(await file.arrayBuffer());
    return btoa(Array.from(all, (one) => String.fromCharCode(one)).join(""));
  };
  const files = await Promise.all(data.files.map(async (file) => [file.name, file.type, await bytes(file)]));
  return { files, text: data.text ?? "", title: data.title ?? "", url: data.url ?? "" };
}
"""


@dataclass(frozen=True)
class Shared:
    """What one call of ``navigator.share`` was given: files as (name, type, bytes)."""

    files: list[tuple[str, str, bytes]]
    words: dict[str, str]


def observe(page: Page) -> None:
    """From the next address on, the page's Web Share calls are kept."""
    page.add_init_script(OBSERVE)


def shared_by(page: Page) -> Shared:
    """The newest call; it must have come."""
    page.wait_for_function("window.shared.length > 0")
    found: dict[str, Any] = page.evaluate(READ)
    files = [(name, kind, base64.b64decode(content)) for name, kind, content in found.pop("files")]
    return Shared(files, {name: words for name, words in found.items() if words})


def hand_over(system: System, shared: Shared) -> None:
    """To WhatsApp on the office's phone, as Android hands it over."""
    files = [("files", (name, content, kind)) for name, kind, content in shared.files]
    answer = httpx.post(
        f"{system.phones}/control/office-phone/share", files=files, data=shared.words, timeout=20, trust_env=False
    )
    assert answer.status_code == 201, answer.text
