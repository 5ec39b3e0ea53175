// What was typed and not sent survives another row, a reload, a lost connection and a session that ended.
// An answer has a draft on the server, saved a second after the last letter. What the server does not have yet, and
// every other text of a form that carries a version, is kept in this tab only: many people share an office's computer.

const PREFIX = "draf:", ANSWER = `${PREFIX}jawab:`;
const headers = () => ({ ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"), "HX-Request": "true" });
const store = {
  get(key) { try { return JSON.parse(sessionStorage.getItem(key) ?? "null"); } catch { return null; } },
  set(key, value) { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden */ } },
  drop(key) { try { sessionStorage.removeItem(key); } catch { /* as above */ } },
  keys(prefix) { try { return Object.keys(sessionStorage).filter((key) => key.startsWith(prefix)); } catch { return []; } },
};
// Somebody else may sign in here after a session that ended. What was typed and never left is the first one's alone.
const OWNER = "pelita-penulis", officer = document.querySelector("script[data-officer]")?.dataset.officer;
if (officer && store.get(OWNER) !== officer) {
  if (store.get(OWNER)) for (const key of store.keys(PREFIX)) store.drop(key);
  store.set(OWNER, officer);
}
// One page, one id: the server lets a page save over its own text when a reply was lost.
const PAGE = Array.from(crypto.getRandomValues(new Uint8Array(12)), (one) => one.toString(16).padStart(2, "0")).join("");

// -- answers: a draft on the server --
const answerOf = (form) => ({ text: form.elements.text.value, note: form.elements.note?.value ?? "" });
const sameText = (one, other) => one.text === other.text && one.note === other.note;
const keyOfAnswer = (form) => ANSWER + new URL(form.dataset.draft, location.href).pathname;
const was = new WeakMap(), timers = new WeakMap(), saving = new WeakSet();

function tell(form, words, failed) {
  const place = form.querySelector("[data-saved]");
  if (!place) return;
  // Said once: a screen reader repeats what is put there again.
  if (place.textContent.trim() !== words) place.textContent = words;
  place.classList.toggle("is-failed", failed);
}

function later(form, wait = 1000) {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), wait));
}

async function save(form, { file = false } = {}) {
  clearTimeout(timers.get(form));
  const now = answerOf(form);
  if (form.dataset.sent || !form.isConnected || (sameText(now, was.get(form)) && !file)) return;
  // One at a time, or a page would clash with itself.
  if (saving.has(form)) { later(form, 300); return; }
  saving.add(form);
  const body = new FormData(form);
  if (!file) { body.delete("file"); body.delete("drop_file"); }
  try {
    const response = await fetch(form.dataset.draft, { method: "POST", headers: headers(), body });
    connection(false);
    if (!response.headers.get("content-type")?.includes("json")) { tell(form, place(form, response.status === 401 ? "ended" : "failed"), true); return; }
    took(form, now, await response.json());
  } catch {
    tell(form, place(form, "offline"), true);
    connection(true);
    waiting();
    later(form, 15_000);
  } finally { saving.delete(form); }
}

const place = (form, name) => form.querySelector("[data-saved]")?.dataset[name] ?? "";

function took(form, now, answer) {
  tell(form, answer.words, !answer.saved);
  if (answer.saved) {
    was.set(form, now);
    form.elements.draft.value = answer.version;
    if (sameText(now, answerOf(form))) store.drop(keyOfAnswer(form)); else later(form);
    if (answer.attached !== undefined) form.querySelector("[data-attached-place]").innerHTML = answer.attached;
    form.querySelector("[data-clash]").replaceChildren();
    sayUnsure(form.querySelector("[data-unsure]"), answer.unsure);
  } else if (answer.clash) {
    form.querySelector("[data-clash]").innerHTML = answer.clash;
  }
  waiting();
}

// Said once, not with every letter.
function sayUnsure(box, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  if (box.innerHTML.trim() !== fresh.innerHTML.trim()) box.innerHTML = html;
}

function keepAnswer(form, sent = false) {
  const found = { ...answerOf(form), seen: form.elements.seen.value, draft: form.elements.draft.value, page: form.elements.page.value };
  store.set(keyOfAnswer(form), { ...found, sent, url: form.dataset.draft });
}

// What this tab kept is newer than what the server has; whether it may go over that, the server says.
function beginAnswer(form) {
  form.elements.page.value = PAGE;
  was.set(form, answerOf(form));
  const kept = store.get(keyOfAnswer(form));
  // Sent, and the inquiry went on: it has arrived. Else the session had ended, and the text is here alone.
  if (!kept || sameText(kept, answerOf(form)) || (kept.sent && kept.seen !== form.elements.seen.value)) { store.drop(keyOfAnswer(form)); countLetters(form); return; }
  form.elements.text.value = kept.text;
  if (form.elements.note) form.elements.note.value = kept.note;
  form.elements.draft.value = kept.draft;
  form.elements.page.value = kept.page;
  form.elements.text.dispatchEvent(new Event("input", { bubbles: true }));
  if (kept.sent) toast(banner()?.dataset.unsent);
}

function countLetters(form) {
  const left = form.querySelector("[data-most]");
  if (!left) return;
  // WhatsApp counts characters as people see them written, not UTF-16 units.
  const count = Number(left.dataset.most) - [...form.elements.text.value.trim()].length;
  left.hidden = count > 500;
  left.classList.toggle("is-over", count < 0);
  left.textContent = (count < 0 ? left.dataset.over : left.dataset.words).replace("{n}", Math.abs(count));
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form || !event.target.matches("textarea")) return;
  countLetters(form);
  keepAnswer(form);
  later(form);
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-draft-file]");
  if (form && event.target.matches('[name="file"], [name="drop_file"]')) save(form, { file: true });
});
document.addEventListener("click", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form) return;
  if (event.target.closest("[data-take-theirs]")) { form.dataset.sent = "true"; store.drop(keyOfAnswer(form)); }
  if (event.target.closest("[data-keep-mine]")) {
    const clash = form.querySelector("[data-clash-version]");
    form.elements.draft.value = clash.dataset.clashVersion;
    clash.remove();
    save(form, { file: false });
    form.elements.text.focus();
  }
});
addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    if (form.dataset.sent || !was.has(form) || sameText(answerOf(form), was.get(form))) continue;
    const body = new FormData(form);
    body.delete("file");
    body.delete("drop_file");
    // A page that is going away may still send this one thing.
    fetch(form.dataset.draft, { method: "POST", headers: headers(), body, keepalive: true }).catch(() => {});
  }
});

// -- without a connection --
let lost = false;
const banner = () => document.getElementById("offline");
const toast = (text) => { if (text) document.dispatchEvent(new CustomEvent("pelita:toast", { detail: { text, failure: true } })); };

function connection(isLost) {
  if (lost !== isLost) document.dispatchEvent(new CustomEvent("pelita:connection", { detail: { lost: isLost } }));
}

const unsaved = () => store.keys(ANSWER).filter((key) => !store.get(key)?.sent);

function waiting() {
  const words = document.querySelector("#offline [data-waiting]"), count = unsaved().length;
  if (!words) return;
  words.hidden = !count;
  words.textContent = words.dataset.waiting.replace("{n}", count);
}

// Also drafts of inquiries that were left meanwhile.
async function sendKept() {
  for (const form of document.querySelectorAll("form[data-draft]")) if (was.has(form)) await save(form);
  for (const key of unsaved()) {
    const kept = store.get(key);
    if (!kept || [...document.querySelectorAll("form[data-draft]")].some((form) => keyOfAnswer(form) === key)) continue;
    const body = new URLSearchParams({ text: kept.text, note: kept.note, seen: kept.seen, draft: kept.draft, page: kept.page });
    const response = await fetch(kept.url, { method: "POST", headers: headers(), body }).catch(() => null);
    if (response?.ok) store.drop(key);
  }
  waiting();
}
addEventListener("online", sendKept);
document.addEventListener("pelita:connection", (event) => { if (!event.detail.lost && unsaved().length) sendKept(); });
document.addEventListener("pelita:connection", (event) => { lost = event.detail.lost; });
document.addEventListener("submit", (event) => {
  // What only asks for a page loses nothing.
  if ((navigator.onLine && !lost) || event.target.method === "get") return;
  // The browser would leave the page for its own error, and what was typed would look lost.
  event.preventDefault();
  event.stopImmediatePropagation();
  sendWhenThere(event.target, event.submitter);
}, true);

// A browser believes that it is connected while nothing arrives. What is sent then waits for one small answer.
async function sendWhenThere(form, button) {
  button?.setAttribute("aria-busy", "true");
  const way = document.querySelector('link[rel="manifest"]')?.href;
  const there = navigator.onLine && way && (await fetch(way, { cache: "no-store", signal: AbortSignal.timeout(8000) }).catch(() => null));
  button?.removeAttribute("aria-busy");
  if (!there) { toast(banner()?.dataset.unsent); return; }
  connection(false);
  form.requestSubmit(button?.isConnected ? button : null);
}

// -- every other text --
const ours = (field) => field.matches?.("textarea") && field.form?.elements.seen && !field.form.dataset.draft && !("compose" in field.form.dataset);
// All referrals of an inquiry are sent to one address.
const subjectOf = (form) => {
  const referral = form.elements.referral?.value;
  return `${PREFIX}${new URL(form.action, location.href).pathname}:${referral ? `${referral}:` : ""}`;
};
const keyOf = (field) => subjectOf(field.form) + field.name;
// What a form says was on the screen. A step that moves nothing raises no version: only the server's word that it was
// done (below) tells that it arrived.
const seenBy = (form) => ("movesNothing" in form.dataset ? form.elements.stamp?.value ?? "" : form.elements.seen.value);

function keep(field, sent) {
  if (!field.value || field.value === field.defaultValue) store.drop(keyOf(field));
  else store.set(keyOf(field), { text: field.value, seen: seenBy(field.form), sent });
}

// The page after a step that was done says so (views/steps.py: say_done), and what was kept of it goes.
function forgetDone() {
  for (const { dataset } of document.querySelectorAll("[data-done]")) for (const key of store.keys(`${PREFIX}${dataset.done}:`)) store.drop(key);
}

function restore(scope) {
  let unproven = false;
  for (const form of scope.querySelectorAll("form[data-draft]")) if (!was.has(form)) beginAnswer(form);
  for (const form of scope.querySelectorAll("form")) restoreChoices(form);
  for (const field of scope.querySelectorAll("textarea")) {
    if (!ours(field) || field.value !== field.defaultValue) continue;
    const kept = store.get(keyOf(field));
    if (!kept || kept.text === field.value) continue;
    const same = kept.seen === seenBy(field.form);
    // Sent, and the inquiry went on: it has arrived. Over somebody else's text only what was written about that text.
    if (!same && (kept.sent || field.defaultValue)) { store.drop(keyOf(field)); continue; }
    unproven ||= kept.sent;
    field.value = kept.text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (unproven) toast(banner()?.dataset.unproven);
}

document.addEventListener("input", (event) => { if (ours(event.target)) keep(event.target, false); });

// -- what was chosen beside a text: a section, a deadline --
// Else a reload would put the proposal in its place, and the button would name another section than the one chosen.
const CHOICES = "input:not([type=hidden], [type=file], [type=password])";
const choosing = (form) => form?.elements.seen && form.method === "post" && !("compose" in form.dataset);
const keyOfChoices = (form) => `${subjectOf(form)}pilihan`;
const ticked = (field) => field.type === "radio" || field.type === "checkbox";
// By what is written on it: "2 jam" is another moment after a reload.
const wordOf = (field) => field.closest(".option")?.querySelector(".option-label")?.textContent.trim() ?? field.value;
const choicesOf = (form) => [...form.querySelectorAll(CHOICES)].map((field) => (
  ticked(field) ? [field.name, wordOf(field), field.checked] : [field.name, "", field.value, field.defaultValue]
));

function restoreChoices(form) {
  const kept = choosing(form) && store.get(keyOfChoices(form));
  if (!kept) return;
  if (kept.seen !== seenBy(form)) { store.drop(keyOfChoices(form)); return; }
  for (const field of form.querySelectorAll(CHOICES)) {
    const found = kept.chosen.find(([name, word]) => name === field.name && (!ticked(field) || word === wordOf(field)));
    if (!found) continue;
    // Over what somebody else wrote meanwhile goes nothing.
    if (!ticked(field)) { if (found[3] === field.defaultValue) field.value = found[2]; }
    // A radio that was chosen takes the mark from the others; one that is gone leaves it where it is.
    else if (field.type === "checkbox" || found[2]) field.checked = found[2];
    if (field.type === "checkbox" && field.checked) field.closest("details")?.setAttribute("open", "");
  }
  document.dispatchEvent(new CustomEvent("pelita:begin", { detail: form.parentElement }));
}

for (const kind of ["change", "input"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.form;
    if (choosing(form) && event.target.matches(CHOICES)) store.set(keyOfChoices(form), { seen: seenBy(form), chosen: choicesOf(form) });
  });
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches('[action$="/keluar"]')) for (const key of store.keys(PREFIX)) store.drop(key);
  if (form.dataset.draft) { clearTimeout(timers.get(form)); keepAnswer(form, true); }
  for (const field of form.querySelectorAll("textarea")) if (ours(field)) keep(field, true);
});
document.addEventListener("htmx:load", (event) => restore(event.detail.elt.parentElement ?? document));
forgetDone();
restore(document);
waiting();
if (unsaved().length) sendKept();
