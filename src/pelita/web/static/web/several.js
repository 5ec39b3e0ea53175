// Choosing several rows: X or space for the row in focus, shift for everything between, and how many there are.
const boxes = () => [...document.querySelectorAll('.pick input[type="checkbox"]')];
const place = document.getElementById("terpilih");
let last = null;

function tell() {
  if (!place) return;
  const count = boxes().filter((box) => box.checked).length;
  place.textContent = count ? place.dataset.words.replace("{n}", count) : place.dataset.none;
  // The sentence beside them says why; without scripts the form says it.
  for (const button of document.querySelectorAll(".several-foot button")) button.disabled = !count;
}

document.addEventListener("click", (event) => {
  const box = event.target.closest?.('.pick input[type="checkbox"]');
  if (!box) return;
  const all = boxes();
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const one of all.slice(from, to + 1)) one.checked = box.checked;
  }
  last = box;
  tell();
});

document.addEventListener("keydown", (event) => {
  const box = document.activeElement?.closest?.('.pick input[type="checkbox"]');
  if (!box || event.key.toLowerCase() !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  box.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: event.shiftKey }));
});
tell();
