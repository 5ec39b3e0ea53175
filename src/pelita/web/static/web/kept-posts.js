// Posts that were written where there was no connection. Text and photos lie in this browser's own store until the
// office has them; each carries a key made here, so that one that is sent twice is one post. The composer's page lies
// in a cache of its own, so that it opens without a connection; signing out clears both.

const NEW = "/berita/baru", CACHE = "berita-tulis", STORE = "posts";
const place = document.getElementById("kiriman-tersimpan");
const officer = Number(place?.dataset.officer ?? 0);

// -- the store --
let opened;
function store() {
  opened ??= new Promise((done, fail) => {
    const request = indexedDB.open("pelita-berita", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  return opened;
}

async function ask(mode, work) {
  const transaction = (await store()).transaction(STORE, mode), request = work(transaction.objectStore(STORE));
  return new Promise((done, fail) => {
    transaction.oncomplete = () => done(request?.result);
    transaction.onerror = transaction.onabort = () => fail(transaction.error);
  });
}

const put = (post) => ask("readwrite", (posts) => posts.put(post));
const get = (key) => ask("readonly", (posts) => posts.get(key));
const drop = (key) => ask("readwrite", (posts) => posts.delete(key));
const every = () => ask("readonly", (posts) => posts.getAll());
const own = async () => (await every().catch(() => [])).filter((post) => post.officer === officer);

// -- sending --
const hex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function bodyOf(post, token) {
  const body = new FormData();
  for (const [name, value] of post.fields) if (name !== "csrfmiddlewaretoken") body.append(name, value);
  body.append("csrfmiddlewaretoken", token);
  body.set("do", "save");
  for (const photo of post.photos) {
    body.append("photos", photo.blob, photo.name);
    body.append("key", photo.key);
    body.append("alt", photo.alt);
    body.append("blur", photo.circles.length ? JSON.stringify(photo.circles) : "");
  }
  return body;
}

async function send(post, token) {
  const response = await fetch(post.url, { method: "POST", headers: { "HX-Request": "true" }, body: bodyOf(post, token) });
  const said = response.headers.get("content-type")?.includes("json") ? await response.json() : {};
  // A page is no answer: another one stands there when the session ended.
  return { ok: response.ok && Boolean(said.code), status: response.status, ...said };
}

// A page that lies in the cache has an old token, and the session may have ended meanwhile.
async function freshPage() {
  const response = await fetch(NEW, { cache: "no-store" }).catch(() => null);
  if (!response?.ok || response.redirected) return null;
  const text = await response.text(), page = new DOMParser().parseFromString(text, "text/html");
  return { text, page, token: page.querySelector('[name="csrfmiddlewaretoken"]')?.value ?? "" };
}

let sending = false;
async function sendAll() {
  const posts = await own();
  if (sending || !posts.length || !navigator.onLine) { await show(); return; }
  sending = true;
  try {
    const fresh = await freshPage();
    for (const post of fresh ? posts : []) {
      if (post.key === document.querySelector("[data-compose]")?.elements.draft_key.value) continue;
      const said = await send(post, fresh.token).catch(() => null);
      if (said?.ok) {
        await drop(post.key);
        toast(place.querySelector("[data-sent-words]").textContent.replace("{title}", titleOf(post)));
      } else if (said) {
        await put({ ...post, why: said.sentence || Object.values(said.errors ?? {}).flat().join(" ") });
      }
    }
  } finally { sending = false; }
  await show();
}

const toast = (text, failure = false) =>
  document.dispatchEvent(new CustomEvent("pelita:toast", { detail: { text, failure, seconds: 6 } }));
const titleOf = (post) =>
  post.fields.find(([name]) => name === "title")?.[1].trim() || place.querySelector("[data-untitled]").textContent;

// -- what waits --
async function show() {
  if (!place) return;
  const editing = document.querySelector("[data-compose]")?.elements.draft_key.value;
  const posts = (await own()).filter((post) => post.key !== editing), list = place.querySelector("[data-list]");
  list.replaceChildren(...posts.map(row));
  place.hidden = !posts.length;
}

function row(post) {
  const made = place.querySelector("template").content.cloneNode(true).firstElementChild, way = made.querySelector("a");
  way.textContent = titleOf(post);
  way.href = `${NEW}?draf=${post.key}`;
  const photos = place.querySelector("[data-photos-words]").textContent.replace("{n}", post.photos.length);
  made.querySelector("[data-why]").textContent = post.why || (post.photos.length ? photos : "");
  const button = made.querySelector("[data-drop]");
  // Asked twice: what is thrown away here is nowhere else.
  button.addEventListener("click", async () => {
    if (!button.dataset.asked) {
      button.dataset.asked = "true";
      made.querySelector("[data-why]").textContent = place.querySelector("[data-drop-words]").textContent;
      return;
    }
    await drop(post.key);
    await show();
  });
  return made;
}

// -- the composer's page, for when there is no connection --
async function keepPage() {
  if (!("caches" in window) || !navigator.serviceWorker || !navigator.onLine) return;
  const fresh = await freshPage();
  if (!fresh?.page.querySelector("[data-compose]")) return;
  const links = [...fresh.page.querySelectorAll('link[rel="stylesheet"], link[rel="preload"], link[rel="icon"]')].map((one) => one.getAttribute("href"));
  const scripts = [...fresh.page.querySelectorAll("script[src]")].map((one) => one.getAttribute("src"));
  const sprite = fresh.page.querySelector("use")?.getAttribute("href").split("#")[0];
  const wanted = new Set([...links, ...scripts, sprite].filter(Boolean)), cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    if (pathname !== NEW && !wanted.delete(pathname + search)) await cache.delete(request);
  }
  await cache.addAll([...wanted]);
  await cache.put(NEW, new Response(fresh.text, { headers: { "Content-Type": "text/html; charset=utf-8" } }));
}

// -- signing out --
// Before app.js takes the form for sent.
let warned = false;
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches('[action$="/keluar"]') || form.dataset.cleared) return;
  event.preventDefault();
  const left = (await every().catch(() => [])).length;
  if (left && !warned) {
    warned = true;
    toast(form.dataset.keptPosts.replace("{n}", left), true);
    return;
  }
  await ask("readwrite", (posts) => posts.clear()).catch(() => {});
  await window.caches?.delete(CACHE);
  form.dataset.cleared = "true";
  form.requestSubmit();
}, true);

globalThis.keptPosts = { officer, put, get, drop, send, newKey, freshPage, show };
if (place) {
  addEventListener("online", sendAll);
  sendAll();
  keepPage().catch(() => { /* a full disk, a private window: online it works as before */ });
}
