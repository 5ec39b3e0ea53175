// On small screens the rails are drawers: one open at a time, focus goes in and comes back.

import { byId } from "./dom.js";

const DRAWERS = { people: "(max-width: 720px)", tools: "(max-width: 1180px)" };
let opener = null;

export function startRails() {
  for (const [id, query] of Object.entries(DRAWERS)) {
    const media = matchMedia(query);
    const button = byId(`open-${id}`);
    const fit = () => { closeRails(); byId(id).inert = media.matches; };
    media.addEventListener("change", fit);
    fit();
    button.addEventListener("click", () => open(id, button));
  }
  byId("scrim").addEventListener("click", closeRails);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && opener) closeRails(); });
  for (const button of document.querySelectorAll("[data-close-rail]")) button.addEventListener("click", closeRails);
  for (const button of document.querySelectorAll("[data-click]")) {
    button.addEventListener("click", () => { closeRails(); byId(button.dataset.click).click(); });
  }
}

function open(id, button) {
  closeRails();
  opener = button;
  byId(id).inert = false;
  byId(id).dataset.open = "yes";
  button.setAttribute("aria-expanded", "true");
  byId("scrim").hidden = false;
  byId(id).querySelector("[data-close-rail]")?.focus();
}

export function closeRails() {
  if (!opener) return;
  for (const id of Object.keys(DRAWERS)) {
    if (!byId(id).dataset.open) continue;
    delete byId(id).dataset.open;
    byId(id).inert = true;
  }
  byId("scrim").hidden = true;
  opener.setAttribute("aria-expanded", "false");
  opener.focus();
  opener = null;
}
