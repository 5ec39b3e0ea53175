// The ring around the office's picture: a piece for each Status, coloured while unseen, grey afterwards.

import { api } from "./api.js";
import { el, icon } from "./dom.js";
import { now, office } from "./state.js";

const SVG = "http://www.w3.org/2000/svg";
const GAP = 3;

export class StatusRing {
  /** `open(items)` shows the Statuses. */
  constructor(citizenId, open) {
    Object.assign(this, { citizenId, items: [] });
    this.ring = document.createElementNS(SVG, "svg");
    this.ring.setAttribute("viewBox", "0 0 44 44");
    this.ring.setAttribute("class", "ring");
    this.ring.setAttribute("aria-hidden", "true");
    this.button = el("button", { type: "button", class: "office-mark", onclick: () => open(this.standing()) }, icon("mark"), this.ring);
    this.draw();
  }

  /** Read anew; of several calls the last one's answer counts. */
  async load() {
    const mine = (this.asked = Symbol("load"));
    const items = await api.statuses(this.citizenId).catch(() => null);
    if (items === null || mine !== this.asked) return;
    this.items = items;
    this.draw();
  }

  standing() {
    return this.items.filter((item) => Date.parse(item.until) > now());
  }

  /** Once a second: what is older than a day goes. */
  tick() {
    if (this.standing().length !== this.items.length) this.load();
  }

  draw() {
    const items = this.standing();
    const fresh = items.filter((item) => !item.seen).length;
    const name = office()?.name ?? "kantor";
    this.button.disabled = items.length === 0;
    this.button.dataset.ring = items.length === 0 ? "none" : fresh ? "new" : "seen";
    this.button.setAttribute("aria-label", items.length === 0 ? `${name}, tidak ada status` : fresh ? `Lihat status ${name}, ${fresh} baru` : `Lihat status ${name}, sudah dilihat`);
    const share = 100 / items.length;
    const gap = items.length > 1 ? Math.min(GAP, share / 3) : 0;
    this.ring.replaceChildren(...items.map((item, index) => piece(index * share + gap / 2, share - gap, item.seen)));
  }
}

/** Lengths in hundredths of the circle; the first begins at the top. */
function piece(start, length, seen) {
  const circle = document.createElementNS(SVG, "circle");
  const values = { cx: 22, cy: 22, r: 20.5, pathLength: 100, "stroke-dasharray": `${length} ${100 - length}`, "stroke-dashoffset": 25 - start, class: seen ? "seen" : "new" };
  for (const [name, value] of Object.entries(values)) circle.setAttribute(name, value);
  return circle;
}
