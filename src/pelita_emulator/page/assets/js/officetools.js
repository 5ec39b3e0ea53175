// The right rail's boxes about the office's side: what the number may do and has used, and its templates.

import { api } from "./api.js";
import { byId, el, toast } from "./dom.js";
import { office, on, state } from "./state.js";
import { TEMPLATE_WORDS } from "./words.js";

const NUMBER = new Intl.NumberFormat("id-ID");
const SWITCHES = [
  { name: "payment_method", words: "Metode pembayaran", about: "tanpa ini, lewat jatah tidak sampai" },
  { name: "coexistence", words: "Juga di HP kantor", about: "20 pesan sedetik, balasan HP terlihat" },
  { name: "connected", words: "Tersambung", about: "mati: seperti HP yang lama tidak dibuka" },
];
const DECISIONS = ["APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED"];

const told = (promise, done) => promise.then(done ?? (() => {}), (reason) => { toast(reason.message); draw(); });

export function startOfficeTools() {
  byId("line-switches").append(...SWITCHES.map(switchRow));
  byId("use-up").addEventListener("click", () => told(api.line({ service_used: office().free })));
  byId("push-history").addEventListener("click", () => told(api.history({ threads: 20, messages: 25, push: true }), (made) => toast(`Riwayat dikirim: ${NUMBER.format(made.messages)} pesan dalam ${made.chunks} bagian.`)));
  byId("auto-approve").addEventListener("change", (event) => told(api.settings({ template_review: event.target.checked ? "approve" : "pending" })));
  for (const kind of ["lines", "templates", "faults", "reset"]) on(kind, draw);
  draw();
}

function switchRow({ name, words, about }) {
  const input = el("input", { type: "checkbox", role: "switch", class: "switch", "data-line": name });
  input.addEventListener("change", () => {
    const cut = name === "connected" ? api.event({ event: input.checked ? "ACCOUNT_RECONNECTED" : "PARTNER_REMOVED", ...(input.checked ? {} : { reason: "PRIMARY_INACTIVITY" }) }) : api.line({ [name]: input.checked });
    told(cut);
  });
  return el("li", {}, el("label", { class: "fault" }, input, el("span", { class: "fault-words" }, el("strong", {}, words), el("span", {}, about))));
}

function draw() {
  const line = office();
  if (!line) return;
  for (const input of document.querySelectorAll("[data-line]")) input.checked = line[input.dataset.line];
  const used = Object.values(line.usage).at(-1)?.service ?? 0;
  byId("quota-words").textContent = `${NUMBER.format(used)} dari ${NUMBER.format(line.free)}`;
  byId("quota-fill").style.width = `${Math.min(100, (used / line.free) * 100)}%`;
  byId("quota").classList.toggle("near", used >= line.free * 0.8);
  byId("push-history").disabled = !line.coexistence || !line.connected;
  byId("auto-approve").checked = state.settings.template_review !== "pending";
  drawTemplates();
}

let sign = "";
function drawTemplates() {
  const own = state.templates.filter((template) => template.waba === office().waba_id);
  const now = own.map((template) => template.id + template.status + template.quality).join();
  byId("templates-count").textContent = own.length || "";
  byId("templates-empty").hidden = own.length > 0;
  if (now === sign) return;
  sign = now;
  byId("templates").replaceChildren(...own.map(templateRow));
}

function templateRow(template) {
  const label = `Keadaan ${template.name}`;
  const choice = el("select", { "aria-label": label, "data-state": template.status }, ...DECISIONS.map((name) => el("option", { value: name, selected: name === template.status }, TEMPLATE_WORDS[name])));
  choice.addEventListener("change", () => told(api.template(template.id, { status: choice.value })));
  const body = template.components.find((part) => part.type.toUpperCase() === "BODY")?.text ?? "";
  return el("li", { class: "template" }, el("span", { class: "template-words" }, el("strong", {}, template.name), el("span", {}, `${template.language} · ${body}`)), choice);
}
