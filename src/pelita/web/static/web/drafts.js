// What an admin typed and did not send survives another row, a reload and a session that ended, in this tab only.
// The section's answer has a draft on the server; this is for every other text of a form that carries a version.

const PREFIX = "draf:";
const ours = (field) => field.matches?.("textarea") && field.form?.elements.seen && !field.form.querySelector("#tersimpan");
const keyOf = (field) => `${PREFIX}${new URL(field.form.action, location.href).pathname}:${field.name}`;
const seenBy = (field) => field.form.elements.seen.value;

function keep(field, sent) {
  try {
    if (!field.value || field.value === field.defaultValue) sessionStorage.removeItem(keyOf(field));
    else sessionStorage.setItem(keyOf(field), JSON.stringify({ text: field.value, seen: seenBy(field), sent }));
  } catch { /* a full or forbidden store: then there is no draft, as without this file */ }
}

function restore(scope) {
  for (const field of scope.querySelectorAll("textarea")) {
    if (!ours(field) || field.value !== field.defaultValue) continue;
    const kept = JSON.parse(sessionStorage.getItem(keyOf(field)) ?? "null");
    if (!kept || kept.text === field.value) continue;
    const same = kept.seen === seenBy(field);
    // Sent, and the inquiry went on: it has arrived. Over somebody else's text only what was written about that text.
    if (!same && (kept.sent || field.defaultValue)) { sessionStorage.removeItem(keyOf(field)); continue; }
    field.value = kept.text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

document.addEventListener("input", (event) => { if (ours(event.target)) keep(event.target, false); });
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches('[action$="/keluar"]')) { for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key); }
  // A note moves nothing, so the version cannot tell later that it arrived.
  for (const field of form.querySelectorAll("textarea")) if (ours(field)) { if ("note" in form.dataset) sessionStorage.removeItem(keyOf(field)); else keep(field, true); }
});
document.addEventListener("htmx:load", (event) => restore(event.detail.elt.parentElement ?? document));
restore(document);
