// Sheets (dialog elements), toasts with undo, and the drawer of narrow desktops.
// Scripts here talk by events, not imports: an import would load a second copy without the version in its address.
const opened = new Set();

// On a phone "back" takes away what lies over the page. It must not leave the conversation behind it.
const phone = matchMedia("(max-width: 720px)");
let over = false;
const drawerOpen = () => document.querySelector(".desk-panel.is-open");

function covered() {
  if (over || !phone.matches) return;
  over = true;
  history.pushState({ ...history.state, over }, "");
}

function uncovered() {
  if (!over || opened.size || drawerOpen()) return;
  over = false;
  if (history.state?.over) history.back();
}

// Loaded anew, or come back to after what was sent from a sheet: nothing lies over the page.
if (history.state?.over) history.back();

addEventListener("popstate", () => {
  if (!over) return;
  over = false;
  if (!opened.size) { closeDrawers(); return; }
  for (const sheet of opened) sheet.close();
  // The drawer under the sheet is what "back" takes away next.
  if (drawerOpen()) covered();
});

function openSheet(sheet) {
  if (sheet.open) return;
  // One layer at a time: a sheet over a sheet loses people.
  for (const other of opened) other.close();
  sheet.showModal();
  opened.add(sheet);
  covered();
  const first = sheet.querySelector("[autofocus]") || sheet.querySelector(".sheet-title");
  first?.focus({ preventScroll: true });
}

function prepare(sheet) {
  if (sheet.dataset.ready) return;
  sheet.dataset.ready = "true";
  sheet.addEventListener("close", () => { opened.delete(sheet); uncovered(); });
  // A tap beside the sheet closes it; what was typed stays in its fields.
  sheet.addEventListener("click", (event) => { if (event.target === sheet && !inside(sheet, event)) sheet.close(); });
  const grab = sheet.querySelector(".sheet-grab");
  if (grab) dragToClose(sheet, grab);
}

function inside(sheet, event) {
  const box = sheet.getBoundingClientRect();
  return event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
}

function dragToClose(sheet, grab) {
  let start = null;
  grab.addEventListener("pointerdown", (event) => { start = event.clientY; grab.setPointerCapture(event.pointerId); });
  grab.addEventListener("pointermove", (event) => {
    if (start !== null) sheet.style.translate = `0 ${Math.max(0, event.clientY - start)}px`;
  });
  const end = (event) => {
    if (start === null) return;
    const far = event.clientY - start > 96;
    start = null;
    sheet.style.translate = "";
    if (far && event.type === "pointerup") sheet.close();
  };
  grab.addEventListener("pointerup", end);
  grab.addEventListener("pointercancel", end);
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-sheet]");
  if (opener) {
    const sheet = document.getElementById(opener.dataset.sheet);
    if (sheet) { event.preventDefault(); prepare(sheet); openSheet(sheet); }
    return;
  }
  const closer = event.target.closest("[data-close]");
  if (closer) { event.preventDefault(); closer.closest("dialog, .desk-panel")?.matches("dialog") ? closer.closest("dialog").close() : closeDrawers(); return; }
  const drawer = event.target.closest("[data-drawer]");
  const panel = drawer && document.getElementById(drawer.dataset.drawer);
  if (panel?.matches(".is-open")) closeDrawers(); else if (panel) openDrawer(panel, drawer);
});

let drawerOpener = null;

function openDrawer(panel, opener) {
  panel.classList.add("is-open");
  drawerOpener = opener;
  // It covers a phone: what lies behind it is not walked through.
  for (const one of panel.parentElement.children) one.inert = phone.matches && one !== panel;
  panel.querySelector("[data-drawer]")?.focus({ preventScroll: true });
  covered();
}

function closeDrawers() {
  for (const panel of document.querySelectorAll(".desk-panel.is-open")) {
    const within = panel.contains(document.activeElement);
    panel.classList.remove("is-open");
    for (const one of panel.parentElement.children) one.inert = false;
    if (within) drawerOpener?.focus({ preventScroll: true });
  }
  uncovered();
}

document.addEventListener("pelita:close-drawers", closeDrawers);

// An answer that carries HX-Trigger: {"pelita:close": "sheet-id"} closes the sheet and empties its form.
document.addEventListener("pelita:close", (event) => {
  const sheet = document.getElementById(event.detail?.value ?? event.detail);
  sheet?.close();
  for (const form of sheet?.querySelectorAll("form") ?? []) form.reset();
});

const TOAST_SECONDS = 8;

function toast({ text, undo = "", failure = false, seconds = TOAST_SECONDS }) {
  const template = document.getElementById("toast-template");
  const box = template.content.firstElementChild.cloneNode(true);
  box.querySelector("p").textContent = text;
  box.classList.toggle("is-failure", failure);
  const button = box.querySelector(".toast-undo");
  if (undo) {
    button.addEventListener("click", () => {
      box.remove();
      htmx.ajax("POST", undo, { swap: "none" });
    }, { once: true });
  } else button.remove();
  const region = document.getElementById("toasts");
  region.append(box);
  // Three at most; the oldest goes first.
  while (region.children.length > 3) region.firstElementChild.remove();
  leaveAfter(box, seconds);
  return box;
}

function leaveAfter(box, seconds) {
  let left = seconds * 1000, started = 0, timer = 0;
  const run = () => { started = Date.now(); timer = setTimeout(() => box.remove(), left); };
  const hold = () => { clearTimeout(timer); left = Math.max(1000, left - (Date.now() - started)); };
  box.addEventListener("pointerenter", hold);
  box.addEventListener("pointerleave", run);
  box.addEventListener("focusin", hold);
  box.addEventListener("focusout", run);
  run();
}

// HX-Trigger: {"pelita:toast": {"text": "Diteruskan ke Kesra", "undo": "/meja/…/urungkan"}}
document.addEventListener("pelita:toast", (event) => toast(event.detail));

for (const sheet of document.querySelectorAll("dialog.sheet")) prepare(sheet);
for (const box of document.querySelectorAll("[data-toast]")) leaveAfter(box, TOAST_SECONDS);
document.addEventListener("htmx:load", (event) => {
  const found = event.detail.elt;
  for (const sheet of found.querySelectorAll("dialog.sheet")) prepare(sheet);
  if (found.matches?.("dialog.sheet")) prepare(found);
  if (found.matches?.("[data-toast]")) leaveAfter(found, TOAST_SECONDS);
});
