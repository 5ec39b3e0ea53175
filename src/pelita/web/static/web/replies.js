// Ready replies beside an answer: search, arrow keys, Enter; the text goes where the cursor stood.
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

function take(box, one) {
  const field = document.getElementById(box.dataset.offers);
  if (!field) return;
  const before = field.value.slice(0, field.selectionStart), after = field.value.slice(field.selectionEnd);
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
  if (event.target.matches("[data-offer-search]")) filter(event.target.closest("[data-offers]"), event.target.value);
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches("[data-offer-search]")) return;
  const box = event.target.closest("[data-offers]"), found = shown(box);
  const at = found.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "Enter") { event.preventDefault(); if (found.length) take(box, found[Math.max(0, at)]); }
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || !found.length) return;
  event.preventDefault();
  mark(box, found[(at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length]);
});
document.addEventListener("click", (event) => {
  const one = event.target.closest("[data-offer]");
  if (one) take(one.closest("[data-offers]"), one);
});
