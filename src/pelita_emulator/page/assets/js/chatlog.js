// The list of bubbles of one phone: keeps nodes, never jumps while somebody reads older messages.

import { api } from "./api.js";
import { bubbleRow, typingDots } from "./bubble.js";
import { el, icon } from "./dom.js";
import { now, office } from "./state.js";
import { dayKey, dayWords } from "./words.js";

const NEAR = 48;
const PAGE = 60;
const RUN_MINUTES = 10;

export class ChatLog {
  /** `reply(item)` starts a reply. */
  constructor(citizenId, reply) {
    this.citizenId = citizenId;
    this.items = new Map();
    this.pending = [];
    this.nodes = new Map();
    this.complete = false;
    this.missed = 0;
    this.typing = false;
    this.acts = { reply, show: (wamid) => this.show(wamid), retry: (item) => item.retry() };
    this.list = el("div", { class: "chat", role: "log", tabindex: "0", "aria-label": "Percakapan" });
    this.jump = el("button", { type: "button", class: "to-bottom", hidden: true, onclick: () => this.toBottom() });
    this.older = el("button", { type: "button", class: "older", onclick: () => this.loadOlder() }, "Pesan sebelumnya");
    this.root = el("div", { class: "chatwrap" }, this.list, this.jump);
    this.list.addEventListener("scroll", () => this.scrolled(), { passive: true });
  }

  async load() {
    const page = await api.chat(this.citizenId);
    const newest = page.at(-1)?.seq ?? 0;
    const known = [...this.items.values()].some((item) => item.seq >= (page[0]?.seq ?? 0));
    // After a long gap the pages do not meet: begin anew rather than show a chat with a hole.
    if (!known || newest === 0) {
      this.items.clear();
      this.complete = page.length < PAGE;
    }
    for (const item of page) this.items.set(item.wamid, item);
    this.pending = this.pending.filter((item) => !this.items.has(item.sentAs));
    this.render();
  }

  async loadOlder() {
    if (this.complete || this.loading) return;
    this.loading = true;
    const first = this.sorted()[0];
    const page = await api.chat(this.citizenId, first?.seq).catch(() => null);
    this.loading = false;
    if (page === null) return;
    this.complete = page.length < PAGE;
    for (const item of page) this.items.set(item.wamid, item);
    const height = this.list.scrollHeight - this.list.scrollTop;
    this.render();
    this.list.scrollTop = this.list.scrollHeight - height;
  }

  /** A new or changed message. */
  take(item) {
    const isNew = !this.items.has(item.wamid);
    if (item.direction === "in" && !["delivered", "read"].includes(item.status)) return;
    this.items.set(item.wamid, item);
    if (item.direction === "out") this.settle(item);
    if (isNew && item.direction === "in") this.typing = false;
    if (isNew && item.direction === "in" && !this.atBottom()) this.missed += 1;
    this.render();
  }

  /** The bubble with the clock gives way to the real one, whichever news of it comes first. */
  settle(item) {
    const found = this.pending.find((other) => other.sentAs === item.wamid || (!other.sentAs && other.status === "clock" && other.text === item.text));
    if (found) this.pending = this.pending.filter((other) => other !== found);
  }

  addPending(item) {
    this.pending.push(item);
    this.render();
    this.toBottom();
  }

  setTyping(typing) {
    if (this.typing === typing) return;
    this.typing = typing;
    this.render();
  }

  sorted() {
    return [...this.items.values()].sort((one, other) => one.seq - other.seq);
  }

  render() {
    const stick = this.atBottom();
    const wanted = this.wanted();
    let place = this.list.firstChild;
    for (const node of wanted) {
      if (node === place) place = place.nextSibling;
      else this.list.insertBefore(node, place);
    }
    while (place) {
      const next = place.nextSibling;
      place.remove();
      place = next;
    }
    if (stick) this.list.scrollTop = this.list.scrollHeight;
    this.showJump();
  }

  wanted() {
    const wanted = this.complete ? [] : [this.older];
    const kept = new Map();
    const items = [...this.sorted(), ...this.pending];
    if (items.length === 0) wanted.push(this.keep(kept, "hint", "", () => el("p", { class: "hint" }, `Tulis pesan pertama ke ${office()?.name ?? "kantor"}.`)));
    let before = null;
    for (const item of items) {
      const day = dayKey(new Date(item.at));
      if (!before || dayKey(new Date(before.at)) !== day) {
        const words = dayWords(new Date(item.at), now());
        wanted.push(this.keep(kept, `day ${day}`, words, () => el("p", { class: "day" }, words)));
        before = null;
      }
      const row = this.keep(kept, item.wamid, `${item.status}${item.text}${Boolean(item.context)}`, () => bubbleRow(item, this.acts));
      row.classList.toggle("first", startsRun(before, item));
      wanted.push(row);
      if (item.status === "failed" && item.retry) wanted.push(this.keep(kept, `retry ${item.wamid}`, "", () => this.retryButton(item)));
      before = item;
    }
    if (this.typing) wanted.push(this.keep(kept, "typing", "", typingDots));
    this.nodes = kept;
    return wanted;
  }

  /** The node made earlier for the same thing in the same state, or a new one. */
  keep(kept, key, sign, build) {
    const old = this.nodes.get(key);
    const entry = old && old.sign === sign ? old : { sign, node: build() };
    kept.set(key, entry);
    return entry.node;
  }

  retryButton(item) {
    return el("button", { type: "button", class: "retry", onclick: () => item.retry() }, "Tidak terkirim. Ketuk untuk mencoba lagi");
  }

  atBottom() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR;
  }

  toBottom() {
    this.list.scrollTop = this.list.scrollHeight;
    this.missed = 0;
    this.showJump();
  }

  scrolled() {
    if (this.atBottom()) this.missed = 0;
    if (this.list.scrollTop < 40 && !this.complete && this.items.size) this.loadOlder();
    this.showJump();
    this.onlook?.();
  }

  showJump() {
    const away = !this.atBottom();
    this.jump.hidden = !away;
    if (away) this.jump.replaceChildren(icon("down"), this.missed ? `${this.missed} pesan baru` : "Terbaru");
  }

  show(wamid) {
    const row = this.nodes.get(wamid)?.node;
    if (!row) return;
    row.scrollIntoView({ block: "center", behavior: "smooth" });
    row.classList.remove("flash");
    requestAnimationFrame(() => row.classList.add("flash"));
  }

  /** The newest unread message whose beginning is on the screen, or null. */
  seen() {
    const bottom = this.list.getBoundingClientRect().bottom;
    const unread = this.sorted().filter((item) => item.direction === "in" && item.status === "delivered");
    return unread.findLast((item) => (this.nodes.get(item.wamid)?.node.getBoundingClientRect().top ?? Infinity) < bottom - 12) ?? null;
  }
}

function startsRun(before, item) {
  if (before === null || before.direction !== item.direction) return true;
  return new Date(item.at) - new Date(before.at) > RUN_MINUTES * 60000;
}
