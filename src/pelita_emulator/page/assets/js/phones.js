// Which phones lie on the table: one to three beside each other, remembered in the address.

import { byId } from "./dom.js";
import { OFFICE, OfficePhone } from "./officephone.js";
import { Phone } from "./phone.js";
import { on, state, tell } from "./state.js";

const phones = new Map();
const UNIT = 302;

export function capacity() {
  return Math.max(1, Math.min(3, Math.floor((byId("desk").clientWidth - 4) / UNIT)));
}

export const shownIds = () => state.chosen.slice(0, capacity());

export function startPhones() {
  const wanted = new URLSearchParams(location.search).get("warga")?.split(",") ?? [];
  state.chosen = wanted.filter((id) => id === OFFICE || state.citizens.has(id)).slice(0, 3);
  if (state.chosen.length === 0) state.chosen = [...state.citizens.keys()].slice(0, capacity());
  on("message", ({ citizen, line, message }) => {
    if (line !== state.line) return;
    phones.get(OFFICE)?.take(citizen, message);
    const phone = phones.get(citizen);
    if (!phone) return;
    phone.log.take(message);
    phone.look();
  });
  on("citizen", (id) => { phones.get(id)?.update(); phones.get(OFFICE)?.update(); phones.get(OFFICE)?.updates.drawReach(); });
  on("statuses", loadStatuses);
  on("share", (waiting) => {
    // A share brings the office's phone to the front, as on the phone it brings up WhatsApp.
    if (waiting && !shownIds().includes(OFFICE)) choose(OFFICE);
    else phones.get(OFFICE)?.lookForShare();
  });
  on("lines", () => phones.get(OFFICE)?.update());
  on("gone", (id) => { forget(id); phones.get(OFFICE)?.update(); });
  on("reset", () => [...phones.keys()].forEach(forget));
  on("second", () => shownIds().forEach((id) => phones.get(id)?.tick()));
  addEventListener("resize", () => { show(); tell("chosen"); });
  addEventListener("focus", lookAll);
  document.addEventListener("visibilitychange", lookAll);
  document.addEventListener("pointerdown", closeMenus);
  show();
}

/** Put a phone on the table or, when it lies there and is not the only one, take it away. */
export function toggle(id) {
  const shown = shownIds();
  if (shown.includes(id)) {
    if (shown.length > 1) putAway(id);
    else phones.get(id)?.composer?.box.focus();
    return;
  }
  choose(id);
}

export function choose(id) {
  const shown = shownIds().filter((other) => other !== id);
  const rest = state.chosen.filter((other) => other !== id && !shown.includes(other));
  const room = capacity();
  const kept = shown.length < room ? shown : shown.slice(shown.length - room + 1);
  state.chosen = [...kept, id, ...rest].slice(0, 3);
  changed();
}

function putAway(id) {
  state.chosen = state.chosen.filter((other) => other !== id);
  changed();
}

function forget(id) {
  phones.get(id)?.root.remove();
  phones.delete(id);
  state.chosen = state.chosen.filter((other) => other !== id);
  if (state.chosen.length === 0) state.chosen = [...state.citizens.keys()].filter((other) => other !== id).slice(0, 1);
  changed();
}

function changed() {
  const query = new URLSearchParams(location.search);
  if (state.chosen.length) query.set("warga", state.chosen.join(","));
  else query.delete("warga");
  history.replaceState(null, "", `?${query.toString().replaceAll("%2C", ",")}`);
  show();
  tell("chosen");
}

function show() {
  const table = byId("phones");
  const ids = shownIds();
  ids.forEach((id, index) => {
    if (!phones.has(id)) {
      const phone = id === OFFICE ? new OfficePhone(() => toggle(id)) : new Phone(id, () => putAway(id));
      phones.set(id, phone);
      if (id !== OFFICE) phone.log.load().then(() => { phone.log.toBottom(); phone.look(); }, () => {});
    }
    const { root, log } = phones.get(id);
    if (table.children[index] !== root) {
      const bottom = !root.isConnected || log?.atBottom();
      table.insertBefore(root, table.children[index] ?? null);
      if (bottom) log?.toBottom();
    }
    phones.get(id).update(index + 1);
  });
  while (table.children.length > ids.length) table.lastElementChild.remove();
  byId("empty").hidden = state.citizens.size > 0;
  lookAll();
}

function loadStatuses() {
  for (const id of shownIds()) phones.get(id)?.[id === OFFICE ? "updates" : "ring"]?.load();
}

/** After a gap in the connection: every phone reads its chat again. */
export async function reloadPhones() {
  show();
  await Promise.allSettled([...phones.values()].map((phone) => (phone.load ? phone.load() : phone.log.load())));
  loadStatuses();
  lookAll();
}

function lookAll() {
  for (const id of shownIds()) phones.get(id)?.look?.();
}

function closeMenus(event) {
  for (const phone of phones.values()) {
    if (phone.menu && !phone.menu.hidden && !phone.menu.contains(event.target) && !phone.menuButton.contains(event.target)) phone.toggleMenu(false);
  }
}
