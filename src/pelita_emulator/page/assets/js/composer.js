// Where somebody writes: text, files, replies, edits; what is being sent is already a bubble with a clock.

import { attachButton } from "./attach.js";
import { productBlock, quoteBlock } from "./bubble.js";
import { el, icon, toast } from "./dom.js";
import { now } from "./state.js";
import { typeWords } from "./words.js";

let made = 0;

export class Composer {
  /** `post(message)` sends a message object; `direction` and `side` are those of this phone ("out" and "citizen"). */
  constructor(log, { post, direction = "out", side = "citizen" }) {
    Object.assign(this, { log, post, direction, side, quoted: null, editing: null, product: null });
    this.box = el("textarea", { rows: "1", "aria-label": "Tulis pesan", placeholder: "Tulis pesan", maxlength: "4096", enterkeyhint: "send" });
    this.button = el("button", { type: "submit", class: "send", "aria-label": "Kirim" }, icon("send"));
    const attach = attachButton((message) => this.sendMessage(message));
    this.form = el("form", { class: "composer" }, attach.button, attach.menu, attach.files, this.box, this.button);
    this.bar = el("div", { class: "replying", hidden: true });
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.box.addEventListener("input", () => this.fit());
    this.box.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && (this.quoted || this.editing || this.product)) {
      event.preventDefault();
      this.leave();
    }
  }

  fit() {
    this.button.classList.toggle("ready", this.box.value.trim() !== "");
    this.box.style.height = "";
    if (this.box.value) this.box.style.height = `${Math.min(108, this.box.scrollHeight + 2)}px`;
  }

  /** The next message asks about an item of the catalogue, `product` {catalog_id, code, title}. */
  ask(product) {
    this.quoted = this.editing = null;
    this.product = product;
    this.showBar(productBlock(product), "Batal bertanya tentang layanan ini");
  }

  reply(item) {
    this.editing = this.product = null;
    this.quoted = item;
    const from = item.direction === "out" ? "citizen" : "office";
    this.showBar(quoteBlock({ from, text: item.text || typeWords(item.type) }, null, this.side), "Batal membalas");
  }

  edit(item) {
    this.quoted = this.product = null;
    this.editing = item;
    this.box.value = item.text;
    this.fit();
    this.showBar(el("div", { class: "quote" }, el("strong", {}, "Sunting pesan"), el("span", {}, item.text)), "Batal menyunting");
  }

  showBar(content, words) {
    const bottom = this.log.atBottom();
    const cancel = el("button", { type: "button", class: "icon-button", "aria-label": words, onclick: () => this.leave() }, icon("close"));
    this.bar.replaceChildren(content, cancel);
    this.bar.hidden = false;
    this.box.focus();
    if (bottom) this.log.toBottom();
  }

  /** Neither a reply, nor an edit, nor about an item any more. */
  leave() {
    if (this.editing) this.box.value = "";
    this.quoted = this.editing = this.product = null;
    this.bar.hidden = true;
    this.fit();
  }

  submit() {
    const text = this.box.value.trim();
    if (!text) return;
    const { editing } = this;
    this.box.value = "";
    if (editing) {
      this.leave();
      const message = { type: "text", text: { body: text } };
      this.post({ type: "edit", edit: { original_message_id: editing.wamid, message } }).catch((reason) => toast(reason.message));
      return;
    }
    this.sendMessage({ type: "text", text: { body: text } });
    this.fit();
  }

  sendMessage(message) {
    const { quoted, product } = this;
    this.leave();
    made += 1;
    const from = quoted?.direction === "out" ? "citizen" : "office";
    const item = {
      direction: this.direction,
      type: message.type,
      text: message.text?.body ?? "",
      content: message[message.type],
      wamid: `pending-${made}`,
      status: "clock",
      pending: true,
      origin: this.side === "office" ? "phone" : undefined,
      at: new Date(now()).toISOString(),
      product: product ?? undefined,
      context: quoted ? { message_id: quoted.wamid, text: quoted.text || typeWords(quoted.type), from } : undefined,
      message,
    };
    item.retry = () => this.send(item);
    this.log.addPending(item);
    this.send(item);
  }

  async send(item) {
    item.status = "clock";
    this.log.render();
    const referred = item.product && { catalog_id: item.product.catalog_id, product_retailer_id: item.product.code };
    const about = { ...(item.context && { message_id: item.context.message_id }), ...(referred && { referred_product: referred }) };
    const context = Object.keys(about).length ? { context: about } : {};
    try {
      const { wamid } = await this.post({ ...item.message, ...context });
      item.sentAs = wamid;
      if (this.log.items.has(wamid)) this.log.settle(this.log.items.get(wamid));
    } catch (reason) {
      item.status = "failed";
      if (this.side === "office") toast(reason.message);
    }
    this.log.render();
  }
}
