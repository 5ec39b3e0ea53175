// The list of a list message: a sheet over the phone with one choice and one "Kirim".

import { el, icon } from "./dom.js";

/** `send(id)` is called with the chosen row. The sheet closes by its button, Escape, or sending. */
export function openList(screen, item, send) {
  const back = document.activeElement;
  const action = item.content?.action ?? {};
  const name = `choice-${item.wamid}`;
  const submit = el("button", { type: "submit", class: "primary", disabled: true }, "Kirim");
  const close = () => { sheet.remove(); back?.focus(); };
  const sections = (action.sections ?? []).map((section) =>
    el("fieldset", {}, section.title ? el("legend", {}, section.title) : null, ...section.rows.map((row) => option(name, row, submit))),
  );
  const form = el(
    "form",
    {},
    el("div", { class: "list-head" }, el("button", { type: "button", class: "icon-button", "aria-label": "Tutup daftar", onclick: close }, icon("close")), el("strong", {}, action.button)),
    el("div", { class: "list-rows" }, ...sections),
    submit,
  );
  const sheet = el("div", { class: "list-sheet", role: "dialog", "aria-label": action.button }, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = sheet.querySelector(":checked")?.value;
    close();
    if (chosen) send(chosen);
  });
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  screen.append(sheet);
  sheet.querySelector("input")?.focus();
}

function option(name, row, submit) {
  const input = el("input", { type: "radio", name, value: row.id, onchange: () => { submit.disabled = false; } });
  return el("label", { class: "list-row" }, el("span", {}, el("strong", {}, row.title), row.description ? el("span", {}, row.description) : null), input);
}
