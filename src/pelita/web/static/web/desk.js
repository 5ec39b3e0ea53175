// Small helps of the staff's screens. Everything here has a plain way without scripts.
const phone = matchMedia("(max-width: 720px)");
const headers = () => ({ ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"), "HX-Request": "true" });
const say = (text, failure = false) => document.dispatchEvent(new CustomEvent("pelita:toast", { detail: { text, failure, seconds: 4 } }));

// -- disposition: the button names the section --
function nameSection(form) {
  const chosen = form.querySelector('input[name="section"]:checked');
  const label = chosen?.closest(".option")?.querySelector(".option-label")?.textContent.trim();
  const place = form.querySelector("[data-to]");
  if (place) place.textContent = label ? ` ${place.dataset.to.replace("{name}", label)}` : "";
}

function numberSections(form) {
  form.querySelectorAll('input[name="section"]').forEach((radio, index) => { if (index < 9) radio.dataset.key = String(index + 1); });
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form.dispose");
  if (!form) return;
  nameSection(form);
  if (event.target.value === "lain") form.querySelector('input[name="due_other"]')?.focus();
});

// -- sheets that fetch their content --
document.addEventListener("click", async (event) => {
  const opener = event.target.closest("[data-sheet-load]");
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const sheet = document.getElementById(opener.dataset.sheetLoad);
  const body = document.getElementById(`${opener.dataset.sheetLoad}-isi`);
  if (!sheet || !body) return;
  event.preventDefault();
  const written = opener.dataset.sheetForm && sentBy(opener);
  // What was typed into it before stays, as long as it is about the same inquiry.
  if (written || body.dataset.src !== opener.dataset.sheetSrc) {
    const response = await fetch(opener.dataset.sheetSrc, { headers: headers(), ...written }).catch(() => null);
    if (!response?.ok || response.redirected) {
      if (written) say(opener.dataset.failed, true); else location.assign(opener.href);
      return;
    }
    body.innerHTML = await response.text();
    body.dataset.src = opener.dataset.sheetSrc;
    begin(body);
    // What was typed into it before a reload comes back.
    body.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: body } }));
  }
  // Where the focus comes back to when the sheet is closed.
  opener.focus({ preventScroll: true });
  const way = document.createElement("button");
  way.dataset.sheet = sheet.id;
  way.hidden = true;
  document.body.append(way);
  way.click();
  way.remove();
});

// What stands in the form beside it, which nobody has sent yet.
function sentBy(opener) {
  const form = opener.closest("form"), body = new FormData();
  body.set("text", form.elements.text.value);
  body.set("di", opener.dataset.sheetForm);
  body.set("chosen", form.elements.file?.files?.[0]?.name ?? "");
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  return { method: "POST", body };
}

// -- conversation: at the bottom, older messages, having read --
export const atBottom = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 60;

function toBottom(scope) {
  const box = scope.querySelector("#gulir") || scope.closest?.("#gulir");
  if (box) { box.scrollTop = box.scrollHeight; follows = true; }
}

// A picture that comes late makes the thread longer: whoever was at its end stays there.
let follows = true;
const threadOf = (event) => event.target.closest?.("#gulir");
document.addEventListener("scroll", (event) => { const box = threadOf(event); if (box === event.target) follows = atBottom(box); }, true);
for (const kind of ["load", "loadedmetadata"]) {
  document.addEventListener(kind, (event) => { const box = threadOf(event); if (box && follows) box.scrollTop = box.scrollHeight; }, true);
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-older]");
  if (!link) return;
  const box = link.closest(".scroll, .task-thread");
  const older = box?.querySelector("[data-older-pages]");
  if (!older) return;
  event.preventDefault();
  link.setAttribute("aria-busy", "true");
  const response = await fetch(link.dataset.older, { headers: headers() }).catch(() => null);
  if (!response?.ok || response.redirected) { location.assign(link.href); return; }
  const page = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-newest]");
  page.querySelector(".older a:not([data-older])")?.closest(".older").remove();
  const height = box.scrollHeight, top = box.scrollTop;
  link.closest(".older").remove();
  older.prepend(...page.children);
  // Reading on where one was, not at the top of what was added.
  box.scrollTop = top + box.scrollHeight - height;
  box.focus({ preventScroll: true });
});

let telling = false;
export async function tellSeen() {
  const box = document.getElementById("gulir");
  const url = box?.dataset.seenUrl;
  if (!url || telling || document.hidden || box.offsetParent === null) return;
  telling = true;
  box.dataset.seenUrl = "";
  try {
    const response = await fetch(url, { method: "POST", headers: headers() });
    if (response.ok) document.dispatchEvent(new CustomEvent("pelita:stale", { detail: ["daftar"] }));
  } catch { box.dataset.seenUrl = url; } finally { telling = false; }
}
document.addEventListener("visibilitychange", tellSeen);
document.addEventListener("pelita:messages", tellSeen);

// -- the list beside the conversation --
function markRow() {
  for (const row of document.querySelectorAll("#daftar [data-row]")) {
    const here = new URL(row.href).pathname === location.pathname;
    row.classList.toggle("is-selected", here);
    if (here) row.setAttribute("aria-current", "true"); else row.removeAttribute("aria-current");
  }
}

document.addEventListener("htmx:confirm", (event) => {
  // A phone shows one column: there a row is a page of its own.
  const row = event.detail.elt.closest?.("[data-row]");
  if (row && phone.matches) { event.preventDefault(); location.assign(row.href); }
});

// Without a delay (base.html), so that what somebody types the moment they see the conversation goes where they meant:
// a focus that moves a little later would make commands of the letters.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "utas" && event.detail.elt?.id !== "utas") return;
  const thread = document.getElementById("utas");
  document.querySelector(".desk")?.setAttribute("data-show", "thread");
  document.body.classList.add("is-thread");
  begin(document);
  markRow();
  thread.querySelector(".head-title")?.focus({ preventScroll: true });
});

// -- password --
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-show-password]");
  if (!button) return;
  const field = document.getElementById(button.dataset.showPassword);
  const show = field.type === "password";
  field.type = show ? "text" : "password";
  button.setAttribute("aria-pressed", String(show));
  [button.textContent, button.dataset.hideWord] = [button.dataset.hideWord, button.textContent];
});

// -- beginning --
export function begin(scope) {
  for (const form of scope.querySelectorAll("form.dispose")) { nameSection(form); numberSections(form); }
  toBottom(scope);
  tellSeen();
}
document.addEventListener("pelita:begin", (event) => begin(event.detail));
begin(document);
// A sentence that says what stopped a step is read first.
document.querySelector(".page > .banner[role]:not([hidden]):not(#offline):not(#terputus)")?.scrollIntoView({ block: "nearest" });
export { say };
