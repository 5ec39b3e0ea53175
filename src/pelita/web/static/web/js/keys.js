// Keyboard: rows with J and K, and one letter for each thing that has data-key. Never while somebody types.
const typing = (element) => element.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
// A drawer that is away, or on its way, shows nothing.
function away(element) {
  const panel = element.closest(".desk-panel:not(.is-open)");
  return panel && getComputedStyle(panel).position === "fixed" ? panel : null;
}
const visible = (element) => (element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null) && !away(element);
// While a sheet is open its own keys count and the page's do not.
const scope = () => document.querySelector("dialog[open]:modal") || document;

function moveRow(step) {
  const rows = [...scope().querySelectorAll("[data-row]")].filter(visible);
  if (!rows.length) return;
  const here = rows.indexOf(document.activeElement.closest("[data-row]"));
  const current = here >= 0 ? here : rows.findIndex((row) => row.matches("[aria-current]"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, current + step))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

// The tiles of the desk, or the tabs of a list, then the saved views: the one before or after.
function moveView(step) {
  const views = [...document.querySelectorAll(".tiles a, .tabs a, .views-bar a[data-view]")].filter(visible);
  const next = views[views.findIndex((view) => view.matches("[aria-current]")) + step];
  if (next) next.click();
}

// On a narrow screen the panel is a drawer: its keys work all the same, and open it first. A choice has the sheet.
function drawnOut(all) {
  const one = all.find((each) => away(each) && !typing(each) && each.type !== "radio");
  const opener = one && [...document.querySelectorAll(`[data-drawer="${away(one).id}"]`)].find(visible);
  opener?.click();
  return opener && one;
}

function press(key) {
  const all = [...scope().querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter((one) => !one.disabled);
  const target = all.find(visible) ?? drawnOut(all);
  if (!target) return false;
  if (typing(target)) target.focus(); else target.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form");
    if (form && event.target.matches("textarea, input")) { event.preventDefault(); form.requestSubmit(); }
    // Where one answer is looked at, nothing needs the cursor to send it. A link or button that has it does its own.
    else if (!form && !event.target.closest("a, button, summary") && scope() === document && document.getElementById("kirim")) { event.preventDefault(); document.getElementById("kirim").requestSubmit(); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    // A dialog closes itself; elsewhere Escape leaves the field, then the drawer, then the page for its list.
    if (document.querySelector("dialog[open]:modal")) return;
    if (typing(event.target)) event.target.blur();
    else if (document.querySelector(".desk-panel.is-open")) document.dispatchEvent(new CustomEvent("pelita:close-drawers"));
    else press("escape");
    return;
  }
  if (typing(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") { event.preventDefault(); moveRow(key === "j" ? 1 : -1); return; }
  if ((key === "[" || key === "]") && scope() === document) { event.preventDefault(); moveView(key === "]" ? 1 : -1); return; }
  if (event.key === "?") { event.preventDefault(); openHelp(); return; }
  if (/^[a-z0-9/]$/.test(key) && press(key)) event.preventDefault();
  else if (key === "/" && scope() === document) search(event);
});

// A page without a field of its own leads to the one that finds everything.
function search(event) {
  const way = document.querySelector("[data-search]")?.dataset.search;
  if (way) { event.preventDefault(); location.assign(way); }
}

function openHelp() {
  const opener = document.createElement("button");
  opener.dataset.sheet = "keys";
  opener.hidden = true;
  document.body.append(opener);
  opener.click();
  opener.remove();
}
