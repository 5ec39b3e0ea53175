// The left rail: citizens and the form that adds one. On a small screen it is a sheet.

import { api } from "./api.js";
import { byId, el } from "./dom.js";
import { OFFICE } from "./officephone.js";
import { choose, shownIds, toggle } from "./phones.js";
import { closeRails } from "./rails.js";
import { keepCitizen, office, on, state } from "./state.js";
import { hueOf, initials, numberWords, officePhone } from "./words.js";

const SMALL = matchMedia("(max-width: 720px)");

export function startPeople() {
  byId("add").addEventListener("submit", add);
  byId("office-person").addEventListener("click", () => pick(OFFICE));
  byId("empty-add").addEventListener("click", () => {
    if (SMALL.matches) byId("open-people").click();
    byId("add-name").focus();
  });
  for (const kind of ["citizen", "gone", "reset", "chosen", "lines"]) on(kind, drawSoon);
  draw();
}

let waiting = false;
function drawSoon() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; draw(); });
}

function draw() {
  const shown = shownIds();
  const list = byId("people-list");
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  list.replaceChildren(...[...state.citizens.values()].map((citizen) => el("li", {}, person(citizen, shown))));
  if (focused) list.querySelector(`[data-id="${focused}"]`)?.focus();
  byId("people-count").textContent = state.citizens.size || "";
  drawOffice(shown);
  drawSwitcher(state.citizens.get(shown[0]), shown[0] === OFFICE);
}

function drawOffice(shown) {
  const place = shown.indexOf(OFFICE) + 1;
  byId("office-person").setAttribute("aria-pressed", String(place > 0));
  byId("office-person-name").textContent = office()?.name ?? "Kantor";
  byId("office-person-note").textContent = officePhone(office()?.display_phone ?? "") + (office()?.coexistence ? "" : ", mati");
  byId("office-place").hidden = !place;
  byId("office-place").textContent = place || "";
}

function person(citizen, shown) {
  const place = shown.indexOf(citizen.id) + 1;
  const about = `about-${citizen.id}`;
  const unread = citizen.unread && !place ? el("span", { class: "badge", "aria-hidden": "true" }, String(citizen.unread)) : null;
  const note = el("span", { id: about }, (citizen.hide_phone ? "tanpa nomor" : numberWords(citizen)) + (citizen.online ? "" : ", HP mati"));
  const waiting = citizen.unread ? el("span", { class: "hidden" }, `, ${citizen.unread} belum dibaca`) : null;
  if (waiting) note.append(waiting);
  return el(
    "button",
    {
      type: "button",
      class: "person",
      "data-id": citizen.id,
      "aria-label": citizen.name,
      "aria-describedby": about,
      "aria-pressed": String(place > 0),
      onclick: () => pick(citizen.id),
    },
    el("span", { class: "avatar", "data-hue": hueOf(citizen.id), "aria-hidden": "true" }, initials(citizen.name)),
    el("span", { class: "person-words" }, el("strong", {}, citizen.name), note),
    place ? el("span", { class: "place", "aria-hidden": "true" }, String(place)) : unread,
  );
}

function pick(id) {
  if (SMALL.matches) {
    choose(id);
    closeRails();
  } else toggle(id);
}

function drawSwitcher(citizen, isOffice) {
  byId("switcher-name").textContent = isOffice ? "HP kantor" : citizen?.name ?? "Belum ada warga";
  byId("switcher-note").textContent = isOffice ? officePhone(office()?.display_phone ?? "") : citizen ? numberWords(citizen) : "Ketuk untuk menambah";
  byId("switcher-avatar").textContent = isOffice ? "K" : citizen ? initials(citizen.name) : "+";
  byId("switcher-avatar").dataset.hue = citizen ? hueOf(citizen.id) : "5";
  const others = [...state.citizens.values()].filter((other) => other.id !== citizen?.id);
  const unread = others.reduce((sum, other) => sum + other.unread, 0);
  byId("switcher-unread").hidden = unread === 0;
  byId("switcher-unread").textContent = unread;
}

async function add(event) {
  event.preventDefault();
  const form = event.target;
  const error = byId("add-error");
  const wish = { name: form.elements.name.value, hide_phone: form.elements.hide_phone.checked };
  if (form.elements.phone.value.trim()) wish.phone = form.elements.phone.value;
  try {
    const citizen = await api.add(wish);
    keepCitizen(citizen);
    error.hidden = true;
    form.reset();
    choose(citizen.id);
    closeRails();
  } catch (reason) {
    error.textContent = reason.message;
    error.hidden = false;
  }
  for (const name of ["name", "phone"]) {
    const wrong = !error.hidden && error.textContent.startsWith(name === "name" ? "Nama" : "Nomor");
    form.elements[name].setAttribute("aria-invalid", String(wrong));
    if (wrong) form.elements[name].focus();
  }
}
