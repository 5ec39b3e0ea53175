// The list of bubbles of one phone: keeps nodes, never jumps while somebody reads older messages.

import { api } from "./api.js";
import { bubbleRow, typingDots } from "./bubble.js";
import { el, icon } from "./dom.js";
import { now, office } from "./state.js";
import { dayKey, dayWords } from "./words.js";

const NEAR = 48;
const PAGE = 60;
const RUN_MINUTES = 10;

// These change other messages and show there.
const ALTERING = ["reaction", "edit", "revoke"];
const REACHED = ["delivered", "read", "played"];

export class ChatLog {
  /** `acts` is what can be done to a message (see bubble.js); `side` is whose phone this is: citizen or office. */
  constructor(citizenId, acts, side = "citizen") {
    this.citizenId = citizenId;
    this.side = side;
    this.items = new Map();
    this.pending = [];
    this.nodes = new Map();
    this.complete = false;
    this.missed = 0;
    this.typing = false;
    const own = (item) => item.direction === (side === "citizen" ? "out" : "in");
    this.acts = { ...acts, side, own, show: (wamid) => this.show(wamid), retry: (item) => item.retry() };
    this.list = el("div", { class: "chat", role: "log", tabindex: "0", "aria-label": "Percakapan" });
    this.jump = el("button", { type: "button", class: "to-bottom", hidden: true, onclick: () => this.toBottom() });
    this.older = el("button", { type: "button", class: "older", onclick: () => this.loadOlder() }, "Pesan sebelumnya");
    this.root = el("div", { class: "chatwrap" }, this.list, this.jump);
    this.list.addEventListener("scroll", () => this.scrolled(), { passive: true });
  }

  async load() {
    const page = await api.chat(this.citizenId, null, this.side === "office");
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
    const page = await api.chat(this.citizenId, first?.seq, this.side === "office").catch(() => null);
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
    if (this.side === "citizen" && item.direction === "in" && !REACHED.includes(item.status)) return;
    const own = this.acts.own(item);
    this.items.set(item.wamid, item);
    if (own) this.settle(item);
    if (isNew && !own) this.typing = false;
    if (isNew && !own && !ALTERING.includes(item.type) && !this.atBottom()) this.missed += 1;
    this.render();
  }

  /** The bubble with the clock gives way to the real one, whichever news of it comes first. */
  settle(item) {
    const found = this.pending.find((other) => other.sentAs === item.wamid || (!other.sentAs && other.status === "clock" && other.type === item.type && other.text === item.text));
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
    const items = [...this.sorted().filter((item) => !ALTERING.includes(item.type)), ...this.pending];
    const first = this.side === "citizen" ? `Tulis pesan pertama ke ${office()?.name ?? "kantor"}.` : "Belum ada percakapan dengan warga ini.";
    if (items.length === 0) wanted.push(this.keep(kept, "hint", "", () => el("p", { class: "hint" }, first)));
    let before = null;
    for (const item of items) {
      const day = dayKey(new Date(item.at));
      if (!before || dayKey(new Date(before.at)) !== day) {
        const words = dayWords(new Date(item.at), now());
        wanted.push(this.keep(kept, `day ${day}`, words, () => el("p", { class: "day" }, words)));
        before = null;
      }
      const row = this.keep(kept, item.wamid, signOf(item, this.acts), () => bubbleRow(item, this.acts));
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

/** Whatever changes how a bubble looks. */
function signOf(item, acts) {
  const tie = item.type === "contacts" ? acts.saved?.() : item.category === "marketing" ? acts.stopped?.() : "";
  return [tie, item.status, item.text, Boolean(item.context), item.edited, item.deleted, JSON.stringify(item.reactions ?? {})].join();
}

function startsRun(before, item) {
  if (before?.type === "system") return true;
  if (before === null || before.direction !== item.direction) return true;
  return new Date(item.at) - new Date(before.at) > RUN_MINUTES * 60000;
}
