// "Pembaruan" on the office's phone: its own Statuses, who saw them, and posting one.

import { api, fileAddress } from "./api.js";
import { samplePhoto } from "./attach.js";
import { el, icon, toast } from "./dom.js";
import { formatted } from "./format.js";
import { openPreview } from "./preview.js";
import { now, state } from "./state.js";
import { agoWords, timeWords, typeWords } from "./words.js";

const MOST_FRIENDS = 50;
const KINDS = "image/jpeg,image/png,video/mp4,video/3gpp";

export class Updates {
  /** `screen()` is where the preview of a new Status lies over. */
  constructor(screen) {
    Object.assign(this, { screen, items: [], contacts: new Set() });
    this.files = el("input", { type: "file", class: "hidden", tabindex: "-1", "aria-hidden": "true", accept: KINDS, onchange: () => this.picked() });
    const act = (name, words, onclick) => el("button", { type: "button", onclick }, icon(name), words);
    this.reach = el("span");
    this.befriend = el("button", { type: "button", class: "link", hidden: true, onclick: () => this.makeFriends() }, "Saling simpan nomor dengan semua warga");
    this.list = el("ul", { class: "updates-list" });
    this.root = el(
      "div",
      { class: "updates", tabindex: "0" },
      el("div", { class: "updates-acts" }, act("photo", "Foto atau video", () => this.files.click()), act("edit", "Tulis status", () => this.write()), act("photo", "Contoh foto", () => this.sample())),
      el("p", { class: "soft" }, "Hanya tampak pada warga yang saling menyimpan nomor dengan HP kantor, selama 24 jam. ", this.reach),
      this.befriend,
      this.list,
      this.files,
    );
  }

  async load() {
    const mine = (this.asked = Symbol("load"));
    const [items, phone] = await Promise.all([api.ownStatuses(), api.phone()]).catch(() => []);
    if (!phone || mine !== this.asked) return;
    this.items = items;
    this.contacts = new Set(phone.contacts.map((contact) => contact.phone));
    this.draw();
  }

  isFriend(citizen) {
    return citizen.saved.includes(state.line) && this.contacts.has(citizen.phone);
  }

  /** For practice: what people do one by one with a card and a poster. */
  async makeFriends() {
    for (const citizen of [...state.citizens.values()].slice(0, MOST_FRIENDS)) {
      if (this.isFriend(citizen)) continue;
      await Promise.all([api.phoneContact({ citizen: citizen.id }), api.saveNumber(citizen.id, true)]).catch((reason) => toast(reason.message));
    }
    this.load();
  }

  /** Once a second: what is over goes, and "5 menit lalu" moves on. */
  tick() {
    if (!this.root.isConnected) return;
    if (this.items.some((item) => Date.parse(item.until) <= now())) this.load();
    for (const node of this.list.querySelectorAll("[data-at]")) node.textContent = agoWords(Number(node.dataset.at), now());
  }

  /** Many citizens may change at once: drawn once a frame, and only while somebody looks. */
  drawReach() {
    if (this.drawing || !this.root.isConnected) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = 0;
      const people = [...state.citizens.values()];
      const friends = people.filter((citizen) => this.isFriend(citizen)).length;
      this.reach.textContent = `Kini ${friends} dari ${people.length} warga.`;
      this.befriend.hidden = friends >= Math.min(people.length, MOST_FRIENDS);
    });
  }

  draw() {
    this.drawReach();
    const open = new Set([...this.list.querySelectorAll("details[open]")].map((node) => node.dataset.id));
    const rows = this.items.toReversed().map((item) => row(item, open.has(item.id)));
    this.list.replaceChildren(...(rows.length ? rows : [el("li", { class: "updates-none" }, "Belum ada status.")]));
  }

  picked() {
    const [file] = this.files.files;
    this.files.value = "";
    if (file) this.preview(file, file.name);
  }

  async sample() {
    await this.preview(await samplePhoto(), "foto.jpg");
  }

  async preview(blob, name) {
    try {
      const file = await api.upload(blob, name);
      const type = file.mime_type.split("/")[0];
      openPreview(this.screen(), [{ id: file.id, type }], "", "Status saya", ([caption]) => api.postStatus({ type, [type]: { id: file.id, ...(caption ? { caption } : {}) } }));
    } catch (reason) {
      toast(reason.message);
    }
  }

  write() {
    openPreview(this.screen(), [], "", "Status saya", ([text]) => api.postStatus({ type: "text", text: { body: text } }));
  }
}

function row(item, open) {
  const seen = item.viewers.length;
  const at = Date.parse(item.at);
  const viewers = item.viewers.map((viewer) => el("li", {}, el("span", {}, viewer.name), el("time", { datetime: viewer.at }, timeWords(new Date(viewer.at)))));
  const remove = el("button", { type: "button", class: "icon-button", "aria-label": `Hapus status: ${item.text || typeWords(item.type)}`, onclick: () => api.removeStatus(item.id).catch((reason) => toast(reason.message)) }, icon("ban"));
  return el(
    "li",
    { class: "update", "data-status-id": item.id },
    thumbnail(item),
    el("div", { class: "update-words" }, el("strong", {}, ...formatted(item.text || typeWords(item.type))), el("span", { "data-at": String(at) }, agoWords(at, now()))),
    remove,
    seen
      ? el("details", { "data-id": item.id, open }, el("summary", {}, icon("eye"), `Dilihat ${seen}`), el("ul", {}, ...viewers))
      : el("p", { class: "update-unseen" }, icon("eye"), "Belum dilihat"),
  );
}

function thumbnail(item) {
  if (item.type === "image") return el("img", { class: "update-picture", src: fileAddress(item.media), alt: "" });
  return el("span", { class: "update-picture" }, icon(item.type === "video" ? "play" : "edit"));
}
