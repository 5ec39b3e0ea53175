// Who else has this inquiry open, and who is answering it. A page says every 20 seconds that it is there, at once when
// its person begins or stops to type, and when it is left; the stream rings when somebody else does.
const EVERY = 20000, STILL = 8000;
const headers = () => ({ ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"), "HX-Request": "true" });
const place = () => document.querySelector("[data-presence]");
let at = "", doing = "reading", timer = 0, typed = 0, asking = false, again = false, opened = false;

function post(url, what, last = false) {
  const body = new URLSearchParams({ doing: what });
  if (opened && !last) body.set("opened", "1");
  return fetch(url, { method: "POST", headers: headers(), body, keepalive: last });
}

async function beat() {
  clearTimeout(timer);
  const box = place();
  if (!box || document.hidden) return;
  if (asking) { again = true; return; }
  asking = true;
  const url = box.dataset.presence, first = opened;
  at = url;
  try {
    const response = await post(url, doing);
    // Whoever went on to another one meanwhile has not told yet of opening that.
    const still = response.ok && place()?.dataset.presence === url;
    if (still && first) opened = false;
    if (still) show(place(), await response.json());
  } catch { /* the next beat will tell */ } finally { asking = false; }
  if (again) { again = false; beat(); return; }
  clearTimeout(timer);
  timer = setTimeout(beat, EVERY);
}

function show(box, { words, typing }) {
  const said = box.querySelector("span");
  if (said.textContent !== words) said.textContent = words;
  box.hidden = !words;
  box.classList.toggle("is-typing", typing);
}

function leave() {
  clearTimeout(timer);
  clearTimeout(typed);
  typed = 0;
  doing = "reading";
  if (at) post(at, "left", true).catch(() => {});
  at = "";
}

function follow() {
  const now = document.hidden ? "" : place()?.dataset.presence ?? "";
  if (now === at) return;
  leave();
  opened = true;
  if (now) beat();
}

document.addEventListener("input", (event) => {
  if (!event.target.closest("form[data-draft], #kirim")) return;
  clearTimeout(typed);
  typed = setTimeout(() => { typed = 0; doing = "reading"; beat(); }, STILL);
  if (doing !== "typing") { doing = "typing"; beat(); }
});
document.addEventListener("pelita:presence", (event) => { if (at.includes(`/${event.detail}/`)) beat(); });
// Who came before the stream stood did not ring here.
document.addEventListener("pelita:connected", () => { if (at) beat(); });
document.addEventListener("htmx:afterSettle", follow);
document.addEventListener("visibilitychange", follow);
addEventListener("pagehide", leave);
addEventListener("pageshow", (event) => { if (event.persisted) follow(); });
follow();
