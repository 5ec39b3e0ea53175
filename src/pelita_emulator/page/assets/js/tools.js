// The right rail: clock, windows, faults, wire log.

import { api } from "./api.js";
import { byId, el, icon, toast } from "./dom.js";
import { shownIds } from "./phones.js";
import { now, on, state, windowLeft } from "./state.js";
import { dateWords, eventWords, noteWords, secondsWords, windowWords } from "./words.js";

const DAY = 86400;
const MAIN = [
  { kind: "timeout_after_accept", name: "Waktu habis", about: "diterima, tetapi jawaban hilang", wish: { seconds: 10 } },
  { kind: "http_502_html", name: "Galat 502", about: "dibalas dengan HTML" },
  { kind: "token_expired_190", name: "Token kedaluwarsa", about: "galat 190 untuk setiap kiriman" },
];
const MORE = [
  { kind: "slow", name: "Lambat", about: "jawaban datang 2 detik kemudian" },
  { kind: "timeout_before_accept", name: "Putus di awal", about: "tidak diterima, tanpa jawaban", wish: { seconds: 10 } },
  { kind: "duplicate_webhooks", name: "Kirim ganda", about: "kantor menerima dua kali" },
  { kind: "reorder_webhooks", name: "Urutan terbalik", about: "yang terbaru datang lebih dulu" },
  { kind: "batch_webhooks", name: "Kirim borongan", about: "banyak pembaruan sekaligus" },
  { kind: "drop_first_delivery", name: "Kiriman hilang", about: "baru sampai saat diulang" },
  { kind: "failed_status", name: "Gagal belakangan", about: "diterima, lalu gagal 131026", wish: { code: 131026 } },
  { kind: "media_fails", name: "Unduhan gagal", about: "berkas dijawab galat 500" },
  { kind: "media_wrong_bytes", name: "Berkas rusak", about: "isinya tidak cocok dengan sha256" },
  { kind: "media_url_expired", name: "Alamat kedaluwarsa", about: "berkas harus diminta lagi" },
];
const SHOWN = 120;
let paused = false;

export function startTools() {
  for (const button of document.querySelectorAll("[data-advance]")) button.addEventListener("click", () => advance(button.dataset.advance));
  byId("faults").append(...MAIN.map(faultRow));
  byId("faults-more").append(...MORE.map(faultRow), ratesRow());
  byId("pause").addEventListener("click", pause);
  on("faults", drawFaults);
  on("log", drawLog);
  on("reset", drawLog);
  for (const kind of ["second", "chosen", "citizen"]) on(kind, drawClock);
  drawFaults();
  drawLog();
  drawClock();
}

async function advance(seconds) {
  const wish = seconds === "now" ? { reset: true } : { advance_seconds: Number(seconds) };
  await api.clock(wish).catch((reason) => toast(reason.message));
}

let windowsSign = "";
function drawClock() {
  byId("clock-time").textContent = secondsWords(now());
  byId("clock-day").textContent = dateWords(now());
  const people = shownIds().map((id) => state.citizens.get(id)).filter(Boolean);
  const sign = people.map((citizen) => citizen.id + citizen.name + Math.ceil(windowLeft(citizen) / 30)).join();
  if (sign === windowsSign) return;
  windowsSign = sign;
  byId("windows").replaceChildren(...people.map(windowRow));
}

function windowRow(citizen) {
  const left = windowLeft(citizen);
  const fill = el("span", { class: "fill" });
  fill.style.width = `${Math.min(100, (left / DAY) * 100)}%`;
  const state = left === 0 ? "shut" : left < 3600 ? "near" : "open";
  return el(
    "li",
    { class: state },
    el("span", { class: "who" }, citizen.name),
    el("span", { class: "track", "aria-hidden": "true" }, fill),
    el("span", { class: "left" }, windowWords(left)),
  );
}

function faultRow({ kind, name, about, wish }) {
  const input = el("input", { type: "checkbox", role: "switch", class: "switch alarm", "data-kind": kind });
  input.addEventListener("change", async () => {
    const body = { kind, ...wish, count: input.checked ? null : 0 };
    await api.fault(body).catch((reason) => { input.checked = !input.checked; toast(reason.message); });
  });
  return switchRow(input, name, about, el("span", { class: "left-pill", "data-left": kind, hidden: true }));
}

function ratesRow() {
  const input = el("input", { type: "checkbox", role: "switch", class: "switch", id: "rates" });
  input.addEventListener("change", () => api.fault({ rates: input.checked }).catch((reason) => toast(reason.message)));
  return switchRow(input, "Batas laju", "80 pesan sedetik, 1 per 6 detik tiap warga");
}

function switchRow(input, name, about, pill = null) {
  return el("li", {}, el("label", { class: "fault" }, input, el("span", { class: "fault-words" }, el("strong", {}, name), el("span", {}, about)), pill));
}

function drawFaults() {
  for (const input of document.querySelectorAll("[data-kind]")) {
    input.checked = state.faults.some((fault) => fault.kind === input.dataset.kind);
  }
  for (const pill of document.querySelectorAll("[data-left]")) {
    const counted = state.faults.filter((fault) => fault.kind === pill.dataset.left && fault.left !== null);
    pill.hidden = counted.length === 0;
    pill.textContent = `${counted.reduce((sum, fault) => sum + fault.left, 0)} lagi`;
  }
  byId("rates").checked = state.settings.rates !== false;
}

function pause() {
  paused = !paused;
  byId("pause").setAttribute("aria-pressed", String(paused));
  byId("pause").textContent = paused ? "Lanjut" : "Jeda";
  if (!paused) drawLog();
}

let waiting = false;
function drawLog() {
  drawConnection();
  if (paused || waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    const list = byId("log");
    const newest = state.log.slice(-SHOWN).reverse();
    const known = new Map([...list.children].map((node) => [node.dataset.id, node]));
    list.replaceChildren(...newest.map((entry) => known.get(String(entry.id)) ?? wireRow(entry)));
    byId("log-empty").hidden = newest.length > 0;
  });
}

function wireRow(entry) {
  const toOffice = entry.direction === "to_office";
  const note = noteWords(entry);
  return el(
    "li",
    { class: entry.status === 200 ? "wire" : "wire bad", "data-id": String(entry.id) },
    el("span", { class: "at" }, secondsWords(new Date(entry.at))),
    icon(toOffice ? "out" : "in", "", toOffice ? "ke kantor" : "dari kantor"),
    el("span", { class: "what" }, eventWords(entry)),
    el("span", { class: "code" }, entry.status ? String(entry.status) : "putus"),
    el("span", { class: "ms" }, `${entry.ms} ms`),
    note ? el("span", { class: "note" }, note) : null,
  );
}

export function drawConnection() {
  const last = state.log.findLast((entry) => entry.direction === "to_office");
  const address = state.lines.find((line) => line.phone_number_id === state.line)?.webhook ?? "";
  const host = URL.canParse(address) ? new URL(address).host : "belum ada";
  const good = !last ? "" : last.status === 200 ? "good" : "bad";
  byId("connection").dataset.state = state.connected ? good : "bad";
  byId("connection-words").textContent = !state.connected ? "Peraga terputus, menyambung lagi" : good === "bad" ? `${host} tidak menerima` : good ? `Tersambung ke ${host}` : `Webhook ${host}`;
}
