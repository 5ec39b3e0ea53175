// The office's own phone (coexistence): one citizen's chat at a time, written to as the officer on duty would.

import { api } from "./api.js";
import { ChatLog } from "./chatlog.js";
import { Composer } from "./composer.js";
import { el, icon, toast } from "./dom.js";
import { closeSheet, openShare } from "./preview.js";
import { now, office, state } from "./state.js";
import { Updates } from "./updates.js";
import { officePhone, timeWords } from "./words.js";

export const OFFICE = "kantor";

export class OfficePhone {
  /** `away()` takes the phone off the table. */
  constructor(away) {
    this.away = away;
    this.citizenId = null;
    this.tab = "chats";
    this.build();
    this.update();
    this.updates.load();
    this.lookForShare();
  }

  build() {
    this.place = el("span", { class: "place" });
    this.number = el("span", { class: "number" });
    this.time = el("span");
    this.choice = el("select", { "aria-label": "Warga di HP kantor", onchange: () => this.open(this.choice.value) });
    this.title = el("strong", { class: "office-title", hidden: true }, "WhatsApp kantor");
    this.save = el("button", { type: "button", class: "icon-button", "aria-label": "Simpan kontak warga ini", onclick: () => this.keepContact() }, icon("save"));
    this.away_ = el("button", { type: "button", class: "icon-button", "aria-label": "Singkirkan HP kantor", onclick: () => this.away() }, icon("close"));
    this.body = el("div", { class: "office-body" });
    this.updates = new Updates(() => this.screen);
    const tab = (name, words) => el("button", { type: "button", "data-tab": name, onclick: () => this.turnTo(name) }, words);
    this.tabs = el("div", { class: "office-tabs" }, tab("chats", "Obrolan"), tab("updates", "Pembaruan"));
    this.screen = el(
      "div",
      { class: "screen" },
      el("div", { class: "statusbar", "aria-hidden": "true" }, this.time, el("span", { class: "lens" }), el("span", { class: "signs" }, icon("signal"), icon("battery"))),
      el("div", { class: "office" }, this.choice, this.title, this.save, this.away_),
      this.tabs,
      this.body,
    );
    this.root = el(
      "section",
      { class: "unit", "aria-label": "HP kantor" },
      el("div", { class: "unit-head" }, this.place, el("strong", {}, "HP kantor"), this.number),
      el("div", { class: "case" }, this.screen),
    );
  }

  update(place = null) {
    if (place !== null) this.place.textContent = place;
    this.number.textContent = officePhone(office()?.display_phone ?? "");
    const sign = [...state.citizens.values()].map((citizen) => citizen.id + citizen.name).join() + office()?.coexistence + office()?.connected;
    if (sign !== this.sign) {
      this.sign = sign;
      this.draw();
    }
    this.tick();
  }

  tick() {
    this.time.textContent = timeWords(now());
    this.updates.tick();
  }

  draw() {
    const people = [...state.citizens.values()];
    // At first the chat of somebody who wrote within a day: an empty one shows nothing.
    const wrote = (citizen) => (citizen.windows?.[office()?.phone_number_id] ?? 0) > 0;
    if (!people.some((citizen) => citizen.id === this.citizenId)) this.citizenId = (people.findLast(wrote) ?? people[0])?.id ?? null;
    this.choice.replaceChildren(...people.map((citizen) => el("option", { value: citizen.id, selected: citizen.id === this.citizenId }, citizen.name)));
    const line = office();
    this.tabs.hidden = !line?.coexistence;
    for (const button of this.tabs.children) button.setAttribute("aria-pressed", String(button.dataset.tab === this.tab));
    this.save.hidden = this.tab === "updates";
    this.choice.hidden = this.tab === "updates";
    this.title.hidden = this.tab !== "updates";
    if (!line?.coexistence) this.explain("Nomor ini hanya hidup di Cloud API. Nyalakan agar juga hidup di HP kantor: balasan dari HP tampak di meja, batasnya 20 pesan sedetik.", "Nyalakan HP kantor", () => api.line({ coexistence: true }));
    else if (this.tab === "updates") this.showUpdates();
    else if (!line.connected) this.explain("Nomor terputus dari Cloud API. Meja tidak menerima dan tidak dapat mengirim.", "Sambungkan lagi", () => api.event({ event: "ACCOUNT_RECONNECTED" }));
    else this.open(this.citizenId);
  }

  turnTo(tab) {
    this.tab = tab;
    this.draw();
  }

  showUpdates() {
    this.log = null;
    this.body.replaceChildren(this.updates.root);
    this.updates.load();
  }

  /** What another app shared to WhatsApp waits for a choice; at most one share at a time. */
  async lookForShare() {
    const { waiting } = await api.share().catch(() => ({ waiting: null }));
    if ((waiting?.id ?? null) === (this.sharing ?? null)) return;
    this.sharing = waiting?.id ?? null;
    closeSheet(this.screen);
    if (waiting) openShare(this.screen, waiting, [...state.citizens.values()], () => { this.sharing = null; });
  }

  explain(sentence, words, act) {
    this.log = null;
    const button = el("button", { type: "button", class: "primary", onclick: () => act().catch((reason) => toast(reason.message)) }, words);
    this.body.replaceChildren(el("div", { class: "explain" }, icon("phone"), el("p", {}, sentence), button));
  }

  open(citizenId) {
    this.citizenId = citizenId;
    if (!citizenId) {
      this.body.replaceChildren(el("div", { class: "explain" }, el("p", {}, "Belum ada warga.")));
      return;
    }
    const told = (promise) => promise.catch((reason) => toast(reason.message));
    const post = (message) => api.phoneWrite(citizenId, message);
    const acts = {
      tap: () => {},
      openList: () => {},
      reply: (item) => this.composer.reply(item),
      edit: (item) => this.composer.edit(item),
      revoke: (item) => told(post({ type: "revoke", revoke: { original_message_id: item.wamid } })),
      react: (item, emoji) => told(post({ type: "reaction", reaction: { message_id: item.wamid, emoji: item.reactions?.office === emoji ? "" : emoji } })),
    };
    this.log = new ChatLog(citizenId, acts, "office");
    this.composer = new Composer(this.log, { post, direction: "in", side: "office" });
    this.body.replaceChildren(this.log.root, this.composer.bar, this.composer.form);
    this.log.load().then(() => this.log.toBottom(), () => {});
    told(api.phoneOpen());
  }

  /** News of a message; only the open chat shows it. */
  take(citizenId, message) {
    if (this.log && citizenId === this.citizenId) this.log.take(message);
  }

  load() {
    this.lookForShare();
    return this.log ? this.log.load() : Promise.resolve();
  }

  async keepContact() {
    const name = state.citizens.get(this.citizenId)?.name;
    await api.phoneContact({ citizen: this.citizenId, full_name: name }).then(() => toast(`${name} disimpan di buku alamat HP kantor.`), (reason) => toast(reason.message));
  }
}
