// Where the citizen writes: text, reply, send; what is being sent is already a bubble with a clock.

import { api } from "./api.js";
import { quoteBlock } from "./bubble.js";
import { el, icon } from "./dom.js";
import { now } from "./state.js";
import { typeWords } from "./words.js";

let made = 0;

export class Composer {
  constructor(citizenId, log) {
    this.citizenId = citizenId;
    this.log = log;
    this.quoted = null;
    this.box = el("textarea", { rows: "1", "aria-label": "Tulis pesan", placeholder: "Tulis pesan", maxlength: "4096", enterkeyhint: "send" });
    this.button = el("button", { type: "submit", class: "send", "aria-label": "Kirim" }, icon("send"));
    this.form = el("form", { class: "composer" }, this.box, this.button);
    this.bar = el("div", { class: "replying", hidden: true });
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.box.addEventListener("input", () => this.fit());
    this.box.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && this.quoted) {
      event.preventDefault();
      this.reply(null);
    }
  }

  fit() {
    this.button.classList.toggle("ready", this.box.value.trim() !== "");
    this.box.style.height = "";
    if (this.box.value) this.box.style.height = `${Math.min(108, this.box.scrollHeight + 2)}px`;
  }

  reply(item) {
    const bottom = this.log.atBottom();
    this.quoted = item;
    this.bar.hidden = item === null;
    if (item) {
      const cancel = el("button", { type: "button", class: "icon-button", "aria-label": "Batal membalas", onclick: () => this.reply(null) }, icon("close"));
      this.bar.replaceChildren(quoteBlock({ from: "office", text: item.text || typeWords(item.type) }), cancel);
      this.box.focus();
    }
    if (bottom) this.log.toBottom();
  }

  submit() {
    const text = this.box.value.trim();
    if (!text) return;
    const quoted = this.quoted;
    this.box.value = "";
    this.reply(null);
    this.fit();
    made += 1;
    const item = {
      direction: "out",
      type: "text",
      text,
      wamid: `pending-${made}`,
      status: "clock",
      at: new Date(now()).toISOString(),
      context: quoted ? { message_id: quoted.wamid, text: quoted.text || typeWords(quoted.type), from: "office" } : undefined,
    };
    item.retry = () => this.send(item);
    this.log.addPending(item);
    this.send(item);
  }

  async send(item) {
    item.status = "clock";
    this.log.render();
    const context = item.context ? { context: { message_id: item.context.message_id } } : {};
    try {
      const { wamid } = await api.write(this.citizenId, { type: "text", text: { body: item.text }, ...context });
      item.sentAs = wamid;
      if (this.log.items.has(wamid)) this.log.settle(this.log.items.get(wamid));
    } catch {
      item.status = "failed";
    }
    this.log.render();
  }
}
