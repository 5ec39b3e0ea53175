// The service worker. It shows what is pushed, and one page when no other can be reached. It keeps nothing that
// anybody reads or writes: phones are lent, and an office's computer is shared. One exception is the empty composer of
// posts, which kept-posts.js puts into a cache of its own and takes out when somebody signs out.
// The view in front of this file defines SHELL (addresses to keep), OFFLINE (the page among them), VERSION and MOVED.
const CACHE = `pelita-${VERSION}`, COMPOSER = "berita-tulis", COMPOSING = "/berita/baru";

self.addEventListener("install", (event) => {
  // What a script sends does not pass here: a page's last word when it is left ("nobody reads this any more") would be
  // lost.
  event.addRoutes?.({ condition: { requestMethod: "POST", requestMode: "cors" }, source: "network" }).catch?.(() => { /* an older browser */ });
  event.waitUntil(keepShell());
});
self.addEventListener("activate", (event) => event.waitUntil(begin()));

async function keepShell() {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL.filter((path) => path !== OFFLINE));
  // As nobody: the page that is kept must be the same for everybody.
  await cache.add(new Request(OFFLINE, { credentials: "omit", cache: "reload" }));
  await self.skipWaiting();
}

async function begin() {
  for (const name of await caches.keys()) if (name.startsWith("pelita-") && name !== CACHE) await caches.delete(name);
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

// -- no connection --
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate" && request.method === "POST") { event.respondWith(send(request)); return; }
  if (request.method !== "GET") return;
  if (request.mode === "navigate") { event.respondWith(page(event)); return; }
  const { pathname, search, origin } = new URL(request.url);
  if (origin === self.location.origin && SHELL.includes(pathname + search)) {
    event.respondWith(fetch(request).catch(() => kept(pathname + search)));
  } else if (origin === self.location.origin && pathname.startsWith("/static/")) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request, { cacheName: COMPOSER })) || Response.error()));
  }
});

async function page(event) {
  try {
    return (await event.preloadResponse) || (await fetch(event.request));
  } catch {
    const composer = new URL(event.request.url).pathname === COMPOSING && (await caches.match(COMPOSING, { cacheName: COMPOSER }));
    return composer || kept(OFFLINE);
  }
}

// A form that did not arrive. The browser's own page would look as if what was typed were lost; it lies in the tab.
async function send(request) {
  try { return await fetch(request); } catch { return Response.redirect(`${OFFLINE}?kirim`, 303); }
}

const kept = async (path) => (await (await caches.open(CACHE)).match(path)) || Response.error();

// -- notices --
self.addEventListener("push", (event) => event.waitUntil(show(event.data)));

async function show(data) {
  let said = {};
  try { said = data.json(); } catch { /* whatever came, something must be shown */ }
  if (said.waiting) await self.navigator.setAppBadge?.(Number(said.waiting)).catch(() => {});
  await self.registration.showNotification(said.title || "PELITA MASSA", {
    body: said.text || "Ada kabar baru.", tag: said.tag || "kabar", lang: "id", data: { path: said.path || "/pemberitahuan" },
    icon: "/static/web/img/icon-192.png", badge: "/static/web/img/badge-96.png",
  });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.path ?? "/"));
});

async function open(path) {
  const url = new URL(path, self.location.origin);
  if (url.origin !== self.location.origin) return;
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((one) => new URL(one.url).pathname === url.pathname);
  // A page that shows something else is left alone: somebody may be writing there.
  if (!there) { await self.clients.openWindow(url.href); return; }
  await there.focus();
  there.postMessage({ opened: url.hash });
}

// -- the push service gave the browser another address --
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(moved(event.oldSubscription, event.newSubscription)));

async function moved(old, fresh) {
  if (!old) return;
  const { applicationServerKey } = old.options;
  const now = fresh || (await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }));
  const { endpoint, keys } = now.toJSON();
  await fetch(MOVED, { method: "POST", body: new URLSearchParams({ old: old.endpoint, endpoint, p256dh: keys.p256dh, auth: keys.auth }) });
}
