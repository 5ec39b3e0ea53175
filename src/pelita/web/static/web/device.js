// The switch on Saya: whether this browser is pushed to. The browser knows its subscription, the server whose it is.
const card = document.querySelector("[data-push]");
const list = () => document.getElementById("perangkat");
const headers = () => ({ ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"), "HX-Request": "true" });
const iPhone = /iPhone|iPad/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
const PATIENCE = 20000;

function show(state, words = "") {
  card.dataset.state = state;
  for (const part of card.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(state);
  card.querySelector("[data-words]").textContent = words;
}

const within = (promise) => Promise.race([promise, new Promise((_, fail) => { setTimeout(() => fail(new Error("late")), PATIENCE); })]);
const subscription = async () => (await navigator.serviceWorker.getRegistration())?.pushManager.getSubscription() ?? null;

async function hashOf(endpoint) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
  return Array.from(new Uint8Array(digest), (one) => one.toString(16).padStart(2, "0")).join("");
}

function supported() {
  return isSecureContext && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

async function look() {
  if (!supported()) { show(!isSecureContext ? "insecure" : iPhone && !navigator.standalone ? "iphone" : "unsupported"); return; }
  if (Notification.permission === "denied") { show("denied"); return; }
  const found = await subscription();
  const hash = found ? await hashOf(found.endpoint) : "";
  // Signing out ends it: the computer may be shared.
  for (const field of document.querySelectorAll("form [name=device_hash]")) field.value = hash;
  let here = false;
  for (const row of list().querySelectorAll("[data-hash]")) {
    const own = row.dataset.hash === hash;
    row.querySelector("[data-here]").hidden = !own;
    here ||= own;
  }
  show(here ? "on" : "off");
}

async function send(url, fields) {
  const response = await fetch(url, { method: "POST", headers: headers(), body: new URLSearchParams(fields) });
  const text = await response.text();
  if (response.ok) { list().innerHTML = text; return ""; }
  return response.status === 422 ? text : card.dataset.failed;
}

async function turnOn() {
  show("busy");
  if (await Notification.requestPermission() !== "granted") { await look(); return; }
  const registration = await within(navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready));
  const old = await registration.pushManager.getSubscription();
  // Of another key, or of somebody who used this browser before.
  if (old) await old.unsubscribe();
  const options = { userVisibleOnly: true, applicationServerKey: card.dataset.key };
  const { endpoint, keys } = (await within(registration.pushManager.subscribe(options))).toJSON();
  try { localStorage.setItem("pelita-perangkat", card.dataset.officer); } catch { /* forbidden: push.js cannot tell then */ }
  const wrong = await send(card.dataset.on, { endpoint, p256dh: keys.p256dh, auth: keys.auth });
  await look();
  if (wrong) show("off", wrong);
}

async function turnOff() {
  show("busy");
  const found = await subscription();
  const hash = found ? await hashOf(found.endpoint) : "";
  await found?.unsubscribe();
  const wrong = await send(card.dataset.off, { hash });
  await look();
  if (wrong) show("off", wrong);
}

card.addEventListener("click", (event) => {
  const deed = event.target.closest("[data-turn]")?.dataset.turn;
  if (!deed) return;
  (deed === "on" ? turnOn() : turnOff()).catch(() => show("off", card.dataset.failed)).finally(() => {
    card.querySelector(`[data-when]:not([hidden]) [data-turn]`)?.focus();
  });
});
look().catch(() => show("unsupported"));
