// The page follows what happens: thin events say which inquiry changed, the parts that show it are fetched again.
// A part with data-live="all" follows everything, data-live="code" what concerns the inquiry that is open, and
// data-live="line" what concerns the office's number, data-live="notice" what this officer is told. The menu counts
// the last and so follows both.
// A part with data-live-form is never replaced while somebody works in it.
const source = document.querySelector("script[data-live-url]");
const url = source.dataset.liveUrl;
let last = Number(source.dataset.since);
let stream = null, pause = 1000, lostTimer = 0, wasLost = false;

const headers = () => ({ "HX-Request": "true" });
const code = () => document.querySelector("[data-code]")?.dataset.code || "";
// A conversation shows all that its citizen asks, not the open inquiry alone.
const speaksOf = (wanted) => wanted === code() || [...document.querySelectorAll("[data-begins]")].some((one) => one.dataset.begins === wanted);
const bottom = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 60;

// -- which parts are stale --
// A lone event shows at once; in a flood the parts are fetched a bit more than once a second, however many come.
const AT_ONCE = 100, APART = 700;
const stale = new Set();
let timer = 0, refreshed = 0;

function mark(wanted) {
  for (const part of document.querySelectorAll("[data-live-src]")) if (wanted(part)) stale.add(part.id);
  if (timer) return;
  timer = setTimeout(refreshAll, Math.max(AT_ONCE, refreshed + APART - Date.now()));
}

function refreshAll() {
  timer = 0;
  refreshed = Date.now();
  const parts = [...stale].map((id) => document.getElementById(id)).filter(Boolean);
  stale.clear();
  // Whoever sees a new message has the form that knows it: the parts of a conversation are shown together.
  const talk = parts.filter((part) => part.dataset.live === "code");
  if (talk.length) refresh(talk);
  for (const part of parts) if (!talk.includes(part)) refresh([part]);
}

// What is heard of an inquiry while its conversation is on its way here is not in it, and it was not open yet.
const heard = new Map(), asked = new WeakMap();
document.addEventListener("htmx:beforeRequest", ({ detail }) => asked.set(detail.xhr, Date.now()));
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const since = asked.get(detail.xhr);
  if ([...heard].some(([one, at]) => at >= since && speaksOf(one))) mark((part) => part.dataset.live === "code");
});

// -- parts that are shown at once --
const running = new Set();

function address(part) {
  const found = new URL(part.dataset.liveSrc, location.href);
  if (part.id === "daftar") {
    if (code()) found.searchParams.set("kode", code());
    const first = part.querySelector("[data-page]")?.dataset.page;
    const pages = part.querySelectorAll(`[data-page="${first}"]`).length;
    if (pages > 1) found.searchParams.set("muat", String(pages));
  }
  return found;
}

async function refresh(parts) {
  const ids = parts.map((part) => part.id);
  const later = () => mark((one) => ids.includes(one.id));
  // One at a time: what comes meanwhile is fetched afterwards, so that a slow network is not asked ever again.
  if (ids.some((id) => running.has(id))) { later(); return; }
  for (const id of ids) running.add(id);
  try {
    for (const show of await Promise.all(parts.map(fetchPart))) show?.();
    if (stream?.readyState === EventSource.OPEN && lostTimer) found();
  } catch {
    lost();
    setTimeout(later, 2000);
  } finally {
    for (const id of ids) running.delete(id);
  }
}

// What shows the part as the server has it now; nothing where there is nothing to show.
async function fetchPart(part) {
  const source = part.dataset.liveSrc;
  const response = await fetch(address(part), { headers: headers() });
  const away = response.headers.get("HX-Redirect");
  if (away) { location.assign(away); return null; }
  // Not ours any more (another section has it): the page says so when it is loaded again.
  if (response.status === 404 || response.redirected) { announce(); return null; }
  if (!response.ok) return null;
  const html = await response.text();
  // Another conversation may have been opened in the meantime.
  return () => { if (part.isConnected && part.dataset.liveSrc === source) put(part, html); };
}

function worked(part) {
  if (part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select, summary")) return true;
  if (part.querySelector("details.menu-home[open]")) return true;
  // A form that was refused shows what was typed and why; neither may vanish.
  if (part.querySelector(".kept, .clash, .unsure, .field-error, [aria-invalid='true']")) return true;
  return [...part.querySelectorAll("textarea, input:not([type=hidden])")].some((field) => (
    field.type === "radio" || field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue
  ));
}

function put(part, html) {
  if (part.querySelector("[data-newest]")) { putMessages(part, html); return; }
  // "Press once more" waits for the second press: the button does not vanish under the finger.
  if (part.querySelector(".is-armed")) { setTimeout(() => mark((one) => one === part), 1000); return; }
  if ("liveForm" in part.dataset && worked(part)) { hint(part, html); return; }
  const focused = part.contains(document.activeElement) ? again(document.activeElement) : "";
  const top = part.scrollTop, reading = firstRow(part);
  const row = [...part.querySelectorAll("[data-row]")].indexOf(document.activeElement);
  part.innerHTML = html;
  part.scrollTop = top;
  if (reading) stay(part, reading);
  if (focused) focusAgain(part, focused, row);
  settle(part);
}

// Where the focus finds its element in a part that was fetched again.
function again(element) {
  const told = (name) => `[${name}="${CSS.escape(element.getAttribute(name))}"]`;
  if (element.id) return told("id");
  for (const name of ["data-key", "href", "data-drawer"]) if (element.hasAttribute(name)) return told(name);
  const way = element.form?.getAttribute("action");
  return way ? `form[action="${CSS.escape(way)}"] ${element.localName}` : "";
}

// A row that somebody else took leaves its place to the next one, or J would begin at the top.
function focusAgain(part, wanted, row) {
  const rows = row < 0 ? [] : [...part.querySelectorAll("[data-row]")];
  (part.querySelector(wanted) ?? rows[Math.min(row, rows.length - 1)])?.focus({ preventScroll: true });
}

// The row that is read at the top of a list that somebody scrolled. At its beginning, what is new may push.
function firstRow(part) {
  if (!part.scrollTop && !scrollY) return null;
  const above = Math.max(0, part.getBoundingClientRect().top);
  const row = [...part.querySelectorAll("[data-row]")].find((one) => one.getBoundingClientRect().bottom > above);
  return row ? { path: new URL(row.href).pathname, top: row.getBoundingClientRect().top } : null;
}

// On a phone the page scrolls, on a wide screen the list.
function stay(part, { path, top }) {
  const row = [...part.querySelectorAll("[data-row]")].find((one) => new URL(one.href).pathname === path);
  const moved = row ? row.getBoundingClientRect().top - top : 0;
  if (!moved) return;
  const before = part.scrollTop;
  part.scrollTop += moved;
  if (part.scrollTop === before) scrollBy({ top: moved, behavior: "instant" });
}

function settle(part) {
  window.htmx?.process(part);
  part.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: part } }));
  if (part.id !== "pesan") document.dispatchEvent(new CustomEvent("pelita:begin", { detail: part }));
}

// Somebody types here. Whether anything really changed shows in the version that the form carries.
function hint(part, html) {
  const version = (scope) => scope.querySelector('input[name="seen"]')?.value ?? "";
  const fresh = new DOMParser().parseFromString(html, "text/html");
  if (version(fresh) !== version(part)) announce();
}

function announce() {
  let news = document.getElementById("perubahan");
  if (!news) {
    const template = document.getElementById("perubahan-isi");
    if (!template) return;
    news = template.content.firstElementChild.cloneNode(true);
    document.querySelector("main").before(news);
  }
  news.hidden = false;
}

// Messages: older pages that were fetched stay, reading stays where it is, the bottom follows.
function putMessages(part, html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.querySelector("[data-newest]"), shown = part.querySelector("[data-newest]");
  const box = part.querySelector("#gulir") || part.closest(".task-thread");
  if (!fresh || !box) return;
  const follows = bottom(box), top = box.scrollTop;
  const ids = (scope) => new Set([...scope.querySelectorAll(".bubble[id]")].map((one) => one.id));
  const before = ids(part), count = [...ids(fresh)].filter((id) => !before.has(id)).length;
  // What no longer fits on the newest page joins the older ones, so that nothing is taken from under the reader.
  const older = part.querySelector("[data-older-pages]"), first = fresh.querySelector(".bubble[id]")?.id;
  const at = [...shown.children].findIndex((one) => one.id === first || one.querySelector(`[id="${first}"]`));
  if (first && at > 0 && shown.querySelector(".bubble[id]")?.id !== first) older.append(...[...shown.children].slice(0, at));
  if (older.children.length) fresh.querySelector(".older")?.remove();
  const focused = shown.contains(document.activeElement) ? again(document.activeElement) : null;
  shown.replaceChildren(...fresh.childNodes);
  if (focused !== null) ((focused && part.querySelector(focused)) || box).focus({ preventScroll: true });
  const bar = part.querySelector(".window"), newBar = page.querySelector(".window");
  if (bar && newBar) bar.replaceWith(newBar);
  const newBox = page.querySelector("#gulir");
  if (newBox) { box.dataset.unread = newBox.dataset.unread; box.dataset.seenUrl = newBox.dataset.seenUrl; }
  settle(part);
  if (follows) box.scrollTop = box.scrollHeight; else { box.scrollTop = top; if (count) below(part, box, count); }
  document.dispatchEvent(new CustomEvent("pelita:messages"));
}

function below(part, box, count) {
  let pill = part.querySelector(".new-below");
  if (!pill) {
    pill = document.createElement("button");
    pill.type = "button";
    pill.className = "new-below";
    pill.dataset.count = "0";
    pill.addEventListener("click", () => { box.scrollTop = box.scrollHeight; pill.remove(); });
    box.addEventListener("scroll", () => { if (bottom(box)) pill.remove(); });
    part.append(pill);
  }
  pill.dataset.count = String(Number(pill.dataset.count) + count);
  pill.textContent = part.dataset.newWords.replace("{n}", pill.dataset.count);
}

// -- the title counts what waits for this person --
const title = document.title;
function countInTitle() {
  const lit = [...document.querySelectorAll("#daftar .tile.is-lit .tile-count")].reduce((sum, one) => sum + (parseInt(one.textContent, 10) || 0), 0);
  const base = document.title.replace(/^\(\d+\) /, "") || title;
  document.title = lit ? `(${lit}) ${base}` : base;
}
document.addEventListener("pelita:begin", countInTitle);
document.addEventListener("htmx:afterSettle", countInTitle);

// -- the stream --
function lost() {
  if (lostTimer || wasLost) return;
  lostTimer = setTimeout(() => {
    wasLost = true;
    document.getElementById("terputus").hidden = false;
  }, 3000);
}

function found() {
  clearTimeout(lostTimer);
  lostTimer = 0;
  pause = 1000;
  document.getElementById("terputus").hidden = true;
  if (wasLost) { wasLost = false; mark(() => true); }
}

function connect() {
  stream = new EventSource(`${url}?sejak=${last}`);
  stream.addEventListener("open", () => { found(); document.dispatchEvent(new CustomEvent("pelita:connected")); });
  stream.addEventListener("message", (event) => {
    last = Math.max(last, Number(event.lastEventId) || 0);
    const news = JSON.parse(event.data);
    if (heard.size > 500) heard.clear();
    heard.set(news.code, Date.now());
    const concerns = !news.code || speaksOf(news.code) || news.verb === "inquiry.opened";
    if (news.verb.startsWith("notice.")) { mark((part) => part.id === "menu" || part.dataset.live === "notice"); return; }
    const ofLine = news.verb.startsWith("line.");
    mark(({ dataset: { live } }) => live === "all" || (live === "line" ? ofLine : live !== "notice" && concerns));
  });
  stream.addEventListener("hadir", (event) => document.dispatchEvent(new CustomEvent("pelita:presence", { detail: JSON.parse(event.data).code })));
  stream.addEventListener("segarkan", () => mark(() => true));
  // Whoever is signing out is on the way already (kept-posts.js).
  const leaving = () => document.querySelector('form[action$="/keluar"][data-cleared]');
  stream.addEventListener("keluar", () => { stream.close(); if (!leaving()) location.reload(); });
  stream.addEventListener("error", () => {
    lost();
    if (stream.readyState !== EventSource.CLOSED) return;
    // The server refused: signed out, or starting again. Fetching a part finds out which.
    stale.add("menu");
    refreshAll();
    setTimeout(connect, pause);
    pause = Math.min(pause * 2, 15000);
  });
}

document.addEventListener("pelita:stale", (event) => mark((part) => event.detail.includes(part.id)));
document.addEventListener("pelita:window-closed", () => mark((part) => part.dataset.live === "code"));
// A phone that slept has missed the stream's end.
document.addEventListener("visibilitychange", () => {
  if (document.hidden || stream?.readyState === EventSource.OPEN) return;
  stream?.close();
  connect();
});
addEventListener("pagehide", () => stream?.close());
addEventListener("pageshow", (event) => { if (event.persisted) { connect(); mark(() => true); } });
countInTitle();
connect();
