// On every page of the staff: the service worker, what a notice on the device has led to, the number on the icon.
const source = document.querySelector("script[data-notices]");
const headers = () => ({ ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"), "HX-Request": "true" });

if ("serviceWorker" in navigator) {
  const register = () => navigator.serviceWorker.register("/sw.js").catch(() => { /* a private window, an old browser */ });
  if (document.readyState === "complete") register(); else addEventListener("load", register);
  navigator.serviceWorker.addEventListener("message", (event) => read(event.data?.opened ?? ""));
}

// Whoever used this browser before may have left without signing out (device.js notes who turned it on): what is told to
// that officer must not appear before this one. The push service then answers "gone", and the server forgets the device.
async function endAnothers() {
  const OWNER = "pelita-perangkat", owner = localStorage.getItem(OWNER);
  if (!owner || !source.dataset.officer || owner === source.dataset.officer) return;
  const registration = await navigator.serviceWorker.getRegistration();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
  for (const notice of (await registration?.getNotifications()) ?? []) notice.close();
  localStorage.removeItem(OWNER);
}
if ("serviceWorker" in navigator && "PushManager" in window) endAnothers().catch(() => { /* no storage, no push */ });

// A notice was tapped on the device: seen is seen here too.
function read(hash) {
  const notice = /^#kabar-(\d+)$/.exec(hash)?.[1];
  if (!notice) return;
  fetch(`${source.dataset.notices}/${notice}`, { method: "POST", headers: headers(), redirect: "manual" }).catch(() => {});
}
read(location.hash);
if (location.hash.startsWith("#kabar-")) history.replaceState(history.state, "", location.pathname + location.search);

// The menu follows live news, and the icon the menu.
function badge() {
  if (!navigator.setAppBadge) return;
  const count = parseInt(document.querySelector("#menu .rail-count")?.textContent ?? "0", 10) || 0;
  (count ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => {});
}
document.addEventListener("pelita:begin", badge);
badge();

// Where what was told is read, whoever has not yet been asked is shown the way.
if ("PushManager" in window && "Notification" in window && Notification.permission === "default") {
  for (const nudge of document.querySelectorAll("[data-nudge]")) nudge.hidden = false;
}

// -- onto the home screen --
// The browser offers it once the page is installable; kept for the button on Saya, and said once.
let offer = null;
const HINTED = "pelita-pasang";
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
  for (const part of document.querySelectorAll("[data-install]")) part.hidden = false;
  hint();
});
function hint() {
  try {
    if (document.querySelector("[data-install]") || localStorage.getItem(HINTED)) return;
    localStorage.setItem(HINTED, "1");
  } catch { return; }
  document.dispatchEvent(new CustomEvent("pelita:toast", { detail: { text: source.dataset.hint, seconds: 12 } }));
}
document.addEventListener("click", async (event) => {
  if (!event.target.closest("[data-install] button") || !offer) return;
  offer.prompt();
  await offer.userChoice;
  offer = null;
  for (const part of document.querySelectorAll("[data-install]")) part.hidden = true;
});
