// The Status viewer over a citizen's phone: one after the other, each for a while, then it closes by itself.

import { api, fileAddress } from "./api.js";
import { cover, el, icon, toast, uncover } from "./dom.js";
import { formatted } from "./format.js";
import { now, office } from "./state.js";
import { agoWords, hueOf, typeWords } from "./words.js";

const SECONDS = 6;
const HELD = 220; // milliseconds after which a touch holds the Status instead of turning the page
const LONGEST_STEP = 0.25; // seconds; a tab in the background must not swallow what nobody saw

export class Viewer {
  /** `items` of the control API, oldest first; begins with the first that was not seen. */
  constructor(screen, citizenId, items, closed) {
    Object.assign(this, { screen, citizenId, items, closed, back: document.activeElement, paused: false, held: false });
    this.build();
    const fresh = items.findIndex((item) => !item.seen);
    this.show(fresh < 0 ? 0 : fresh);
    this.root.focus();
    this.last = performance.now();
    this.frame = requestAnimationFrame((at) => this.step(at));
  }

  build() {
    this.bars = this.items.map(() => el("i", {}, el("b")));
    this.time = el("span");
    this.stage = el("div", { class: "viewer-stage" });
    this.caption = el("button", { type: "button", class: "viewer-caption", "aria-expanded": "false", onclick: () => this.unfold(!this.unfolded) });
    this.pauseButton = el("button", { type: "button", class: "icon-button", onclick: () => this.pause(!this.paused) });
    const shut = el("button", { type: "button", class: "icon-button", "aria-label": "Tutup status", onclick: () => this.close() }, icon("close"));
    const name = office()?.name ?? "Kantor";
    this.box = el("input", { type: "text", "aria-label": "Balas status", placeholder: "Balas", maxlength: "4096", autocomplete: "off", enterkeyhint: "send" });
    this.form = el("form", { class: "viewer-reply" }, this.box, el("button", { type: "submit", class: "send ready", "aria-label": "Kirim balasan" }, icon("send")));
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.reply(); });
    this.root = el(
      "div",
      { class: "viewer", role: "dialog", "aria-label": `Status ${name}`, tabindex: "-1" },
      this.stage,
      this.turner("viewer-turn before", "Status sebelumnya", -1),
      this.turner("viewer-turn after", "Status berikutnya", 1),
      el("div", { class: "viewer-bars", "aria-hidden": "true" }, ...this.bars),
      el("div", { class: "viewer-head" }, el("span", { class: "office-mark" }, icon("mark")), el("div", { class: "office-words" }, el("strong", {}, name), this.time), this.pauseButton, shut),
      el("div", { class: "viewer-foot" }, this.caption, this.form),
    );
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.pause(false);
    cover(this.screen, this.root);
  }

  /** Half of the picture: a touch turns, a long one holds. */
  turner(className, words, by) {
    const button = el("button", { type: "button", class: className, "aria-label": words });
    let began = 0;
    button.addEventListener("pointerdown", () => { began = performance.now(); this.held = true; });
    for (const name of ["pointerup", "pointerleave", "pointercancel"]) button.addEventListener(name, () => { this.held = false; });
    button.addEventListener("click", () => { if (!began || performance.now() - began < HELD) this.turn(by); began = 0; });
    return button;
  }

  key(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    } else if (event.target === this.box) return;
    else if (event.key === "ArrowRight") this.turn(1);
    else if (event.key === "ArrowLeft") this.turn(-1);
    else if (event.key === " " && event.target === this.root) {
      event.preventDefault();
      this.pause(!this.paused);
    }
  }

  pause(paused) {
    this.paused = paused;
    this.pauseButton.replaceChildren(icon(paused ? "play" : "pause"));
    this.pauseButton.setAttribute("aria-label", paused ? "Lanjutkan status" : "Jeda status");
  }

  show(index) {
    const item = this.items[index];
    Object.assign(this, { index, spent: 0, film: null });
    this.bars.forEach((bar, place) => { bar.firstChild.style.width = place < index ? "100%" : "0"; });
    this.time.textContent = agoWords(Date.parse(item.at), now());
    this.caption.replaceChildren(...(item.type === "text" ? [] : formatted(item.text)));
    this.caption.hidden = !this.caption.textContent;
    this.unfold(false);
    this.stage.replaceChildren(this.content(item));
    this.stage.dataset.hue = item.type === "text" ? hueOf(item.id) : "";
    api.viewStatus(this.citizenId, item.id).catch(() => {});
  }

  /** Long words cover the picture only on demand, and the Status waits meanwhile. */
  unfold(whole) {
    this.unfolded = whole;
    this.caption.setAttribute("aria-expanded", String(whole));
  }

  content(item) {
    if (item.type === "text") return el("p", { class: "viewer-text" }, ...formatted(item.text));
    const source = { src: fileAddress(item.media) };
    const node = item.type === "image" ? el("img", { ...source, alt: item.text ? "" : typeWords("image") }) : el("video", { ...source, playsinline: true, "aria-label": typeWords("video") });
    node.addEventListener("error", () => {
      this.film = null;
      node.replaceWith(el("p", { class: "viewer-text" }, `${typeWords(item.type)} tidak dapat ditampilkan`));
    });
    if (item.type === "video") {
      this.film = node;
      node.addEventListener("ended", () => this.turn(1));
      // Sound needs a touch that the browser still remembers; without one it plays silently.
      node.play().catch(() => { node.muted = true; node.play().catch(() => {}); });
    }
    return node;
  }

  /** How much of this Status is over, 0 to 1. */
  done(seconds) {
    if (this.film) return this.film.duration ? this.film.currentTime / this.film.duration : 0;
    this.spent += seconds;
    return this.spent / SECONDS;
  }

  step(at) {
    if (!this.root.isConnected) return;
    const waits = this.paused || this.held || this.unfolded || this.form.contains(document.activeElement);
    if (this.film && waits !== this.film.paused && !this.film.ended) waits ? this.film.pause() : this.film.play().catch(() => {});
    const done = waits ? null : this.done(Math.min(LONGEST_STEP, (at - this.last) / 1000));
    this.last = at;
    if (done !== null) this.bars[this.index].firstChild.style.width = `${Math.min(100, done * 100)}%`;
    if (done >= 1 && !this.film) this.turn(1);
    if (this.root.isConnected) this.frame = requestAnimationFrame((next) => this.step(next));
  }

  turn(by) {
    const next = Math.max(0, this.index + by);
    if (next < this.items.length) this.show(next);
    else this.close();
  }

  async reply() {
    const text = this.box.value.trim();
    if (!text) return;
    try {
      await api.replyStatus(this.citizenId, this.items[this.index].id, text);
      this.close();
    } catch (reason) {
      toast(reason.message);
    }
  }

  close() {
    cancelAnimationFrame(this.frame);
    uncover(this.screen, this.root);
    this.back?.focus();
    this.closed();
  }
}
