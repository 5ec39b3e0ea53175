// A file beside the text: what was chosen is named with its size, and can be taken off again.

const sizeWords = (size) => (size < 1e6 ? `${Math.max(1, Math.round(size / 1000))} kB` : `${(size / 1e6).toFixed(1).replace(".", ",").replace(",0", "")} MB`);

function show(field) {
  const place = field.form.querySelector("[data-attached]"), file = field.files[0];
  place.hidden = !file;
  place.querySelector("b").textContent = file?.name ?? "";
  place.querySelector("small").textContent = file ? sizeWords(file.size) : "";
}

document.addEventListener("change", (event) => { if (event.target.matches("input[data-attach]")) show(event.target); });
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-detach]");
  if (!button) return;
  const field = button.closest("form").querySelector("input[data-attach]");
  field.value = "";
  show(field);
  field.focus();
});
// Coming back by the browser's button may bring the chosen file back as well.
addEventListener("pageshow", () => { for (const field of document.querySelectorAll("input[data-attach]")) show(field); });
