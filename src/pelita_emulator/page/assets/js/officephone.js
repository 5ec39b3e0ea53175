// The office's own phone (coexistence): one citizen's chat at a time, written to as the officer on duty would.

import { api } from "./api.js";
import { ChatLog } from "./chatlog.js";
import { Composer } from "./composer.js";
import { el, icon, toast } from "./dom.js";
import { now, office, state } from "./state.js";
import { officePhone, timeWords } from "./words.js";

export const OFFICE = "kantor";

export class OfficePhone {
  /** `away()` takes the phone off the table. */
  constructor(away) {
    this.away = away;
    this.citizenId = null;
    this.build();
    this.update();
  }

  build() {
    this.place = el("span", { class: "place" });
    this.number = el("span", { class: "number" });
    this.time = el("span");
    this.choice = el("select", { "aria-label": "Warga di HP kantor", onchange: () => this.open(this.choice.value) });
    this.save = el("button", { type: "button", class: "icon-button", "aria-label": "Simpan kontak warga ini", onclick: () => this.keepContact() }, icon("save"));
    this.away_ = el("button", { type: "button", class: "icon-button", "aria-label": "Singkirkan HP kantor", onclick: () => this.away() }, icon("close"));
    this.body = el("div", { class: "office-body" });
    this.screen = el(
      "div",
      { class: "screen" },
      el("div", { class: "statusbar", "aria-hidden": "true" }, this.time, el("span", { class: "lens" }), el("span", { class: "signs" }, icon("signal"), icon("battery"))),
      el("div", { class: "office" }, this.choice, this.save, this.away_),
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
  }

  draw() {
    const people = [...state.citizens.values()];
    // At first the chat of somebody who wrote within a day: an empty one shows nothing.
    const wrote = (citizen) => (citizen.windows?.[office()?.phone_number_id] ?? 0) > 0;
    if (!people.some((citizen) => citizen.id === this.citizenId)) this.citizenId = (people.findLast(wrote) ?? people[0])?.id ?? null;
    this.choice.replaceChildren(...people.map((citizen) => el("option", { value: citizen.id, selected: citizen.id === this.citizenId }, citizen.name)));
    const line = office();
    if (!line?.coexistence) this.explain("Nomor ini hanya hidup di Cloud API. Nyalakan agar juga hidup di HP kantor: balasan dari HP tampak di meja, batasnya 20 pesan sedetik.", "Nyalakan HP kantor", () => api.line({ coexistence: true }));
    else if (!line.connected) this.explain("Nomor terputus dari Cloud API. Meja tidak menerima dan tidak dapat mengirim.", "Sambungkan lagi", () => api.event({ event: "ACCOUNT_RECONNECTED" }));
    else this.open(this.citizenId);
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
    return this.log ? this.log.load() : Promise.resolve();
  }

  async keepContact() {
    const name = state.citizens.get(this.citizenId)?.name;
    await api.phoneContact({ citizen: this.citizenId, full_name: name }).then(() => toast(`${name} disimpan di buku alamat HP kantor.`), (reason) => toast(reason.message));
  }
}
