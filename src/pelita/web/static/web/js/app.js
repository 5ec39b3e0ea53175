// Small habits of every page: growing fields, asking once before deleting, one submit at a time, the lost connection.
const offline = document.getElementById("offline");

function showConnection() {
  if (offline) offline.hidden = navigator.onLine;
}
addEventListener("online", showConnection);
addEventListener("offline", showConnection);
// The live stream knows better than the browser: it sends pelita:connection with {lost: true}.
document.addEventListener("pelita:connection", (event) => { if (offline) offline.hidden = !event.detail.lost; });
showConnection();

function grow(field) {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

// A grey send button turns green when there is something to send.
function showReady(field) {
  const send = field.closest("form")?.querySelector(".is-send");
  send?.classList.toggle("is-ready", field.value.trim() !== "");
}

document.addEventListener("input", (event) => {
  const field = event.target.closest("textarea");
  if (!field) return;
  grow(field);
  showReady(field);
});

// data-confirm="Tekan sekali lagi": the first tap asks, the second within four seconds does it.
// A button that is an icon alone says it beside the icon.
function arm(button) {
  const label = button.getAttribute("aria-label"), icon = button.classList.contains("icon-button");
  const word = icon ? button.appendChild(document.createElement("span")) : button.querySelector(".button-word") || button;
  const before = word.textContent;
  word.textContent = button.dataset.confirm;
  if (icon) button.setAttribute("aria-label", `${button.dataset.confirm}: ${label}`);
  button.classList.add("is-armed");
  button.dataset.armed = String(Date.now());
  button.scrollIntoView({ block: "nearest" });
  setTimeout(() => {
    if (icon) { word.remove(); button.setAttribute("aria-label", label); } else word.textContent = before;
    button.classList.remove("is-armed");
    delete button.dataset.armed;
  }, 4000);
}
document.addEventListener("click", (event) => {
  const asks = event.target.closest("[data-confirm]");
  // The second click of a double click is no second thought.
  if (asks && asks.dataset.armed && Date.now() - Number(asks.dataset.armed) < 600) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (asks && !asks.dataset.armed) {
    event.preventDefault();
    event.stopImmediatePropagation();
    arm(asks);
    return;
  }
  const reloads = event.target.closest("[data-reload]");
  if (reloads && offline?.contains(reloads)) tryAgain(); else if (reloads) location.reload();
  const copies = event.target.closest("[data-copy]");
  if (copies) copy(copies);
  const fills = event.target.closest("[data-fill]");
  if (fills) fill(fills);
  if (event.target.closest("[data-print]")) print();
}, true);

// What can be read must not make way for a page that says again that there is no connection.
async function tryAgain() {
  const way = document.querySelector('link[rel="manifest"]')?.href ?? location.href;
  const there = await fetch(way, { cache: "no-store", signal: AbortSignal.timeout(8000) }).catch(() => null);
  if (there) location.reload();
  else document.dispatchEvent(new CustomEvent("pelita:toast", { detail: { text: offline.dataset.still, failure: true, seconds: 4 } }));
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  document.dispatchEvent(new CustomEvent("pelita:toast", { detail: { text: button.dataset.copied || button.dataset.copy, seconds: 3 } }));
}

// <button data-fill="id_instruction" data-text="Cek berkas">: adds the text to the field.
function fill(button) {
  const field = document.getElementById(button.dataset.fill);
  if (!field) return;
  field.value = [field.value.trim(), button.dataset.text ?? button.textContent.trim()].filter(Boolean).join(" ");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

// A plain form sends once; htmx forms carry hx-disabled-elt or turn busy by class.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.matches("[hx-post], [hx-get], [data-many]")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "true";
  event.submitter?.setAttribute("aria-busy", "true");
});
// Coming back by the browser's button shows the page as it was left, busy button included.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const busy of document.querySelectorAll('button[aria-busy="true"]')) busy.removeAttribute("aria-busy");
});

// A click outside closes an open menu (details).
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu-home[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// A panel that asks again and again leaves a button alone that waits for its second tap: in a new panel it would be the
// first.
document.addEventListener("htmx:beforeSwap", (event) => {
  const panel = event.detail.target;
  if (panel?.matches?.('[hx-trigger^="every"]') && panel.querySelector(".is-armed")) event.detail.shouldSwap = false;
});

document.addEventListener("htmx:sendError", () => document.dispatchEvent(new CustomEvent("pelita:connection", { detail: { lost: true } })));
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.xhr?.status) document.dispatchEvent(new CustomEvent("pelita:connection", { detail: { lost: false } }));
});

for (const field of document.querySelectorAll("textarea")) { grow(field); showReady(field); }
document.addEventListener("htmx:load", (event) => {
  for (const field of event.detail.elt.querySelectorAll("textarea")) { grow(field); showReady(field); }
});

// A long form that came back: the first field that is wrong is in sight and has the focus.
const wrong = document.querySelector(".lines .field.is-wrong, .form-page .field.is-wrong");
if (wrong) {
  wrong.closest("details")?.setAttribute("open", "");
  wrong.scrollIntoView({ block: "center" });
  wrong.querySelector("input, select, textarea")?.focus({ preventScroll: true });
}
