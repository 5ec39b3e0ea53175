// Internal notes: between an answer and a note in one place, and names after an @.

// -- answer or note --
document.addEventListener("click", (event) => {
  const way = event.target.closest("[data-compose]");
  const box = way?.closest(".composers");
  if (!box || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  box.dataset.mode = way.dataset.compose;
  for (const one of box.querySelectorAll(".composer-mode")) {
    if (one.dataset.compose === box.dataset.mode) one.setAttribute("aria-current", "true"); else one.removeAttribute("aria-current");
  }
  box.querySelector(`.compose-${box.dataset.mode} textarea`)?.focus();
});

// -- names after an @ --
const MOST = 6;
const asked = new Map();
let list = null, field = null, at = 0, marked = 0;

function people(url) {
  if (!asked.has(url)) {
    const answer = fetch(url, { headers: { "HX-Request": "true" } }).then((found) => (found.ok ? found.json() : { people: [] }));
    asked.set(url, answer.then(({ people: found }) => found).catch(() => { asked.delete(url); return []; }));
  }
  return asked.get(url);
}

// What stands between the last @ before the cursor and the cursor; null when no name is being written.
function begun(one) {
  const found = /(?:^|[^\w@])@([^\n@]{0,40})$/u.exec(one.value.slice(0, one.selectionStart));
  return found ? found[1] : null;
}

function close() {
  list?.remove();
  field?.removeAttribute("aria-controls");
  field?.removeAttribute("aria-activedescendant");
  list = field = null;
}

function mark(index) {
  const options = [...list.children];
  marked = (index + options.length) % options.length;
  options.forEach((one, place) => one.setAttribute("aria-selected", String(place === marked)));
  field.setAttribute("aria-activedescendant", options[marked].id);
  options[marked].scrollIntoView({ block: "nearest" });
}

function take(index) {
  const name = list.children[index].dataset.name;
  const cursor = field.selectionStart;
  field.setRangeText(`@${name} `, at, cursor, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  close();
}

function draw(one, found) {
  close();
  field = one;
  list = document.createElement("ul");
  list.className = "names plain";
  list.id = "nama-rekan";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", one.getAttribute("aria-label"));
  found.forEach((person, index) => {
    const row = document.createElement("li");
    row.id = `nama-rekan-${index}`;
    row.dataset.name = person.name;
    row.setAttribute("role", "option");
    const name = document.createElement("b"), title = document.createElement("small");
    name.textContent = person.name;
    title.textContent = person.title;
    row.append(name, title);
    // Before the field loses the cursor.
    row.addEventListener("pointerdown", (event) => { event.preventDefault(); take(index); });
    list.append(row);
  });
  one.closest("form").append(list);
  one.setAttribute("aria-controls", list.id);
  mark(0);
}

document.addEventListener("input", async (event) => {
  const one = event.target.closest("textarea[data-mention]");
  if (!one) return;
  const word = begun(one);
  if (word === null) { close(); return; }
  const everybody = await people(one.dataset.mention);
  // Something else was typed while the names came.
  if (begun(one) !== word || document.activeElement !== one) return;
  const wanted = word.toLowerCase();
  const found = everybody.filter(({ name }) => ` ${name.toLowerCase()}`.includes(` ${wanted}`)).slice(0, MOST);
  if (!found.length) { close(); return; }
  at = one.selectionStart - word.length - 1;
  draw(one, found);
});

document.addEventListener("keydown", (event) => {
  if (!list || event.target !== field) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(marked + (event.key === "ArrowDown" ? 1 : -1));
  else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") take(marked);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
document.addEventListener("focusout", (event) => { if (event.target === field) close(); });
