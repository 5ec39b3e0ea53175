// The page's beginning: read the state, lay out the phones, stay connected.

import { api } from "./api.js";
import { byId, el, toast } from "./dom.js";
import { startLive } from "./live.js";
import { startOfficeTools } from "./officetools.js";
import { startPeople } from "./people.js";
import { reloadPhones, startPhones } from "./phones.js";
import { startRails } from "./rails.js";
import { keepCitizen, state, tell } from "./state.js";
import { drawConnection, startTools } from "./tools.js";

let begun = false;

async function reload() {
  const fresh = await api.state().catch(() => null);
  if (fresh === null) return;
  state.skew = Date.parse(fresh.now) - Date.now();
  Object.assign(state, { lines: fresh.lines, templates: fresh.templates, faults: fresh.faults, settings: fresh.settings, log: fresh.log, connected: true });
  if (!fresh.lines.some((line) => line.phone_number_id === state.line)) {
    const wanted = new URLSearchParams(location.search).get("nomor");
    state.line = (fresh.lines.find((line) => line.phone_number_id === wanted) ?? fresh.lines[0]).phone_number_id;
  }
  state.citizens.clear();
  fresh.citizens.forEach(keepCitizen);
  if (fresh.secrets_file) {
    byId("guide-secrets").hidden = false;
    byId("guide-secrets").querySelector("code").textContent = fresh.secrets_file;
  }
  if (!begun) begin();
  else await again();
}

function begin() {
  begun = true;
  startRails();
  startPhones();
  startPeople();
  startTools();
  startOfficeTools();
  drawConnection();
  chooseLine();
  setInterval(() => tell("second"), 1000);
  document.documentElement.dataset.ready = "yes";
}

async function again() {
  for (const kind of ["citizen", "lines", "templates", "faults", "log", "chosen"]) tell(kind);
  await reloadPhones();
}

/** With several numbers of the office a person chooses which one the phones write to. */
function chooseLine() {
  byId("line-choice").hidden = state.lines.length < 2;
  const options = state.lines.map((line) => el("option", { value: line.phone_number_id, selected: line.phone_number_id === state.line }, line.name));
  byId("line").replaceChildren(...options);
  byId("line").addEventListener("change", (event) => {
    const query = new URLSearchParams(location.search);
    query.set("nomor", event.target.value);
    location.search = query.toString();
  });
}

function chooseTheme() {
  const dark = document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const next = dark === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem("peraga-theme", next);
  } catch {
    // Without storage the choice holds until the page is closed.
  }
}

byId("theme").addEventListener("click", chooseTheme);
byId("open-guide").addEventListener("click", () => byId("guide").showModal());
byId("open-reset").addEventListener("click", () => byId("reset").showModal());
byId("reset").addEventListener("close", async () => {
  const sure = byId("reset").returnValue === "yes";
  byId("reset").returnValue = "";
  if (sure) await api.reset().then(() => toast("Peraga sudah disetel ulang."), (reason) => toast(reason.message));
});
startLive(reload);
