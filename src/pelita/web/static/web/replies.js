// Ready replies and services beside an answer: search, arrow keys, Enter; the text goes where the cursor stood.
const headers = () => ({ ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"), "HX-Request": "true" });
const shown = (box) => [...box.querySelectorAll("[data-offer]:not([hidden])")];

function mark(box, one) {
  for (const each of box.querySelectorAll("[data-offer]")) each.setAttribute("aria-selected", String(each === one));
  const search = box.querySelector("[data-offer-search]");
  if (one) { search.setAttribute("aria-activedescendant", one.id); one.scrollIntoView({ block: "nearest" }); }
  else search.removeAttribute("aria-activedescendant");
}

function filter(box, wanted) {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  for (const one of box.querySelectorAll("[data-offer]")) {
    const said = one.textContent.toLowerCase();
    one.hidden = !words.every((word) => said.includes(word));
  }
  const found = shown(box);
  box.querySelector("[data-offer-none]").hidden = found.length > 0;
  mark(box, found[0]);
}

// Services are searched by the server, which knows Javanese and short forms. Without it, by what is there.
let asked = 0, waiting = null;
function ask(box, wanted) {
  const turn = ++asked;
  const late = () => turn !== asked;
  waiting = (async () => {
    await new Promise((resolve) => setTimeout(resolve, 150));
    if (late()) return;
    const address = `${box.dataset.offersFrom}&cari=${encodeURIComponent(wanted)}`;
    const response = await fetch(address, { headers: headers() }).catch(() => null);
    const rows = response?.ok && !response.redirected ? await response.text() : null;
    if (late()) return;
    if (rows !== null) box.querySelector("[data-offer-list]").innerHTML = rows;
    filter(box, rows === null ? wanted : "");
  })();
}

function take(box, one) {
  const field = document.getElementById(box.dataset.offers);
  if (!field) return;
  const named = (text) => one.dataset.layanan ? text.replaceAll("{layanan}", one.dataset.layanan) : text;
  const before = named(field.value.slice(0, field.selectionStart)), after = named(field.value.slice(field.selectionEnd));
  const gap = before && !/\n$/.test(before) ? "\n" : "";
  field.value = before + gap + one.dataset.text + (after && !/^\n/.test(after) ? "\n" : "") + after;
  const cursor = (before + gap + one.dataset.text).length;
  box.closest("dialog")?.close();
  field.focus();
  field.setSelectionRange(cursor, cursor);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  fetch(one.dataset.used, { method: "POST", headers: headers(), keepalive: true }).catch(() => {});
}

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-offer-search]")) return;
  const box = event.target.closest("[data-offers]");
  (box.dataset.offersFrom ? ask : filter)(box, event.target.value);
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches("[data-offer-search]")) return;
  const box = event.target.closest("[data-offers]"), found = shown(box);
  const chosen = (rows) => rows.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const at = chosen(found);
  if (event.key === "Enter") {
    event.preventDefault();
    // Whoever types and presses Enter at once means what will be found.
    Promise.resolve(waiting).then(() => { const rows = shown(box); if (rows.length) take(box, rows[Math.max(0, chosen(rows))]); });
  }
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || !found.length) return;
  event.preventDefault();
  mark(box, found[(at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length]);
});
document.addEventListener("click", (event) => {
  const one = event.target.closest("[data-offer]");
  if (one) take(one.closest("[data-offers]"), one);
});
