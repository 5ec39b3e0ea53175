// One citizen's phone: status bar, the office's header, the chat, the composer.

import { api } from "./api.js";
import { ChatLog } from "./chatlog.js";
import { Composer } from "./composer.js";
import { el, icon, toast } from "./dom.js";
import { openCatalog } from "./catalog.js";
import { StatusRing } from "./ring.js";
import { openList } from "./sheet.js";
import { now, office, state } from "./state.js";
import { Viewer } from "./viewer.js";
import { numberWords, officePhone, timeWords } from "./words.js";

const LOOK_DELAY = 500;

export class Phone {
  /** `away()` takes the phone off the table. */
  constructor(citizenId, away) {
    this.citizenId = citizenId;
    this.away = away;
    const post = (message) => api.write(citizenId, message);
    this.log = new ChatLog(citizenId, this.acts(post));
    this.composer = new Composer(this.log, { post });
    this.log.onlook = () => this.look();
    this.build();
    this.update();
  }

  /** What this citizen can do to a message. */
  acts(post) {
    const told = (promise) => promise.catch((reason) => toast(reason.message));
    const tap = (item, id, more = {}) => told(api.tap(this.citizenId, { wamid: item.wamid, id, ...more }));
    return {
      tap,
      reply: (item) => this.composer.reply(item),
      edit: (item) => this.composer.edit(item),
      revoke: (item) => told(post({ type: "revoke", revoke: { original_message_id: item.wamid } })),
      react: (item, emoji) => told(post({ type: "reaction", reaction: { message_id: item.wamid, emoji: item.reactions?.citizen === emoji ? "" : emoji } })),
      openList: (item) => openList(this.screen, item, (id) => tap(item, id)),
      saved: () => Boolean(this.citizen?.saved.includes(state.line)),
      save: () => told(api.saveNumber(this.citizenId, true)),
      stopped: () => Boolean(this.citizen?.marketing_stopped.includes(state.line)),
      marketing: (stop) => told(api.marketing(this.citizenId, stop)),
      play: (item) => { if (item.direction === "in" && item.status !== "played") told(api.play(this.citizenId, item.wamid)); },
    };
  }

  get citizen() {
    return state.citizens.get(this.citizenId);
  }

  build() {
    this.place = el("span", { class: "place" });
    this.name = el("strong");
    this.number = el("span", { class: "number" });
    this.time = el("span");
    this.signal = el("span", { class: "signs" });
    this.officeName = el("strong");
    this.officeNote = el("span");
    this.offline = el("p", { class: "offline", hidden: true }, "HP mati. Pesan dari kantor menunggu.");
    this.buildMenu();
    this.ring = new StatusRing(this.citizenId, (items) => new Viewer(this.screen, this.citizenId, items, () => this.log.toBottom()));
    this.catalogButton = el("button", { type: "button", class: "icon-button", "aria-label": "Katalog", onclick: () => this.openCatalog() }, icon("bag"));
    this.screen = el(
      "div",
      { class: "screen" },
      el("div", { class: "statusbar", "aria-hidden": "true" }, this.time, el("span", { class: "lens" }), this.signal),
      el("div", { class: "office" }, this.ring.button, el("div", { class: "office-words" }, this.officeName, this.officeNote), this.catalogButton, this.menuButton),
      this.menu,
      this.offline,
      this.log.root,
      this.composer.bar,
      this.composer.form,
    );
    this.head = el("div", { class: "unit-head" }, this.place, this.name, this.number);
    this.root = el("section", { class: "unit", "data-citizen": this.citizenId }, this.head, el("div", { class: "case" }, this.screen));
  }

  /** The office's catalogue over the chat; "Tanya" leads back to it with the item above the words. */
  async openCatalog() {
    this.toggleMenu(false);
    const catalog = await api.catalog().catch((reason) => toast(reason.message));
    if (catalog) openCatalog(this.screen, catalog, (product) => this.composer.ask(product));
  }

  buildMenu() {
    this.online = el("input", { type: "checkbox", role: "switch", class: "switch", onchange: () => this.change({ online: this.online.checked }) });
    this.autoRead = el("input", { type: "checkbox", role: "switch", class: "switch", onchange: () => this.change({ auto_read: this.autoRead.checked }) });
    this.hide = el("input", { type: "checkbox", role: "switch", class: "switch", onchange: () => this.change({ hide_phone: this.hide.checked }) });
    this.saved = el("input", { type: "checkbox", role: "switch", class: "switch", onchange: () => this.tie(api.saveNumber, this.saved.checked) });
    this.promos = el("input", { type: "checkbox", role: "switch", class: "switch", onchange: () => this.tie(api.marketing, !this.promos.checked) });
    this.username = el("input", { type: "text", autocomplete: "off", maxlength: "31", placeholder: "nama.pengguna", onchange: () => this.change({ username: this.username.value }) });
    const identity = (words, wish) => el("button", { type: "button", onclick: () => this.changeIdentity(wish) }, words);
    const remove = el("button", { type: "button", class: "danger", onclick: () => this.remove() }, "Hapus warga ini");
    this.putAway = el("button", { type: "button", onclick: () => this.away() }, "Singkirkan HP ini");
    this.menu = el(
      "div",
      { class: "menu", hidden: true },
      el("label", {}, "HP menyala", this.online),
      el("label", {}, "Langsung dibaca", this.autoRead),
      el("label", {}, "Sembunyikan nomor", this.hide),
      el("label", {}, "Simpan nomor kantor", this.saved),
      el("label", {}, "Terima promosi kantor", this.promos),
      el("label", { class: "username" }, "Nama pengguna", this.username),
      identity("Ganti nomor", { change: "number" }),
      identity("Ganti ID pengguna", { change: "user_id" }),
      identity("Ganti HP", { change: "security" }),
      this.putAway,
      remove,
    );
    this.menuButton = el("button", { type: "button", class: "icon-button", "aria-label": "Menu HP", "aria-expanded": "false", onclick: () => this.toggleMenu() }, icon("dots"));
    this.menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.toggleMenu(false);
      this.menuButton.focus();
    });
  }

  toggleMenu(open = this.menu.hidden) {
    this.menu.hidden = !open;
    this.menuButton.setAttribute("aria-expanded", String(open));
    if (open) this.online.focus();
  }

  async change(wish) {
    await api.change(this.citizenId, wish).catch((reason) => toast(reason.message));
  }

  /** What this phone has set about the office's number. */
  async tie(call, value) {
    await call(this.citizenId, value).catch((reason) => toast(reason.message));
  }

  async changeIdentity(wish) {
    this.toggleMenu(false);
    await api.identity(this.citizenId, wish).then(() => this.log.load(), (reason) => toast(reason.message));
  }

  /** Asked twice, since the chat goes with the citizen. */
  async remove() {
    const button = this.menu.querySelector(".danger");
    if (button.dataset.sure) {
      await api.remove(this.citizenId).catch((reason) => toast(reason.message));
      return;
    }
    button.dataset.sure = "yes";
    button.textContent = "Ketuk lagi untuk menghapus";
    setTimeout(() => { delete button.dataset.sure; button.textContent = "Hapus warga ini"; }, 4000);
  }

  update(place = null) {
    const citizen = this.citizen;
    if (!citizen) return;
    this.root.setAttribute("aria-label", `HP ${citizen.name}`);
    this.log.list.setAttribute("aria-label", `Percakapan ${citizen.name}`);
    this.name.textContent = citizen.name;
    if (place !== null) this.place.textContent = place;
    this.number.replaceChildren(...(citizen.hide_phone ? [icon("eye-off")] : []), numberWords(citizen));
    this.online.checked = citizen.online;
    this.autoRead.checked = citizen.auto_read;
    this.hide.checked = citizen.hide_phone;
    const ties = [citizen.saved.includes(state.line), citizen.marketing_stopped.includes(state.line)];
    this.saved.checked = ties[0];
    this.promos.checked = !ties[1];
    if (this.ties !== ties.join()) {
      if (this.ties) this.log.render();
      this.ties = ties.join();
      this.ring.load();
    } else if (this.wasOnline !== citizen.online) this.ring.load();
    this.wasOnline = citizen.online;
    if (document.activeElement !== this.username) this.username.value = citizen.username ?? "";
    this.offline.hidden = citizen.online;
    this.putAway.hidden = state.chosen.length < 2;
    this.signal.replaceChildren(icon(citizen.online ? "signal" : "signal-off"), icon("battery"));
    this.officeName.textContent = office()?.name ?? "";
    this.tick();
  }

  /** Once a second: the phone's time, and typing that has come to its end. */
  tick() {
    const typing = (this.citizen?.typingUntil ?? 0) > now() && Boolean(this.citizen?.online);
    this.time.textContent = timeWords(now());
    const note = typing ? "sedang mengetik…" : officePhone(office()?.display_phone ?? "");
    if (this.officeNote.textContent !== note) this.officeNote.textContent = note;
    this.officeNote.classList.toggle("typing-words", typing);
    this.log.setTyping(typing);
    this.ring.tick();
  }

  /** Somebody may be looking: what is on the screen for a moment becomes read. */
  look() {
    if (this.looking) return;
    this.looking = setTimeout(() => {
      this.looking = 0;
      const shown = this.root.isConnected && document.visibilityState === "visible" && document.hasFocus();
      const item = shown && this.citizen?.online ? this.log.seen() : null;
      if (item) api.read(this.citizenId, item.wamid).catch(() => {});
    }, LOOK_DELAY);
  }
}
