// What can be done to a message: reply, react, edit, delete. One small menu beside the bubble.

import { el, icon } from "./dom.js";
import { typeWords } from "./words.js";

const EMOJI = ["👍", "🙏", "❤️", "😂", "😢"];
const EMOJI_WORDS = ["jempol", "terima kasih", "hati", "tertawa", "sedih"];

/** The buttons of a row: reply at once, the rest in a menu. Null when nothing can be done. */
export function rowButtons(item, acts) {
  if (item.pending || item.deleted || item.type === "system") return null;
  const words = (item.text || typeWords(item.type)).slice(0, 60);
  const own = acts.own(item);
  const buttons = el("div", { class: "row-buttons" });
  if (!own) buttons.append(el("button", { type: "button", class: "reply", "aria-label": `Balas: ${words}`, onclick: () => acts.reply(item) }, icon("reply")));
  const more = el("button", { type: "button", class: "reply", "aria-label": `Tindakan: ${words}`, "aria-expanded": "false" }, icon("dots"));
  more.addEventListener("click", () => toggle(buttons, more, item, acts, own));
  buttons.append(more);
  return buttons;
}

function toggle(buttons, more, item, acts, own) {
  const open = buttons.querySelector(".row-menu");
  if (open) return shut(buttons, more);
  for (const other of document.querySelectorAll(".row-menu")) other.parentElement.querySelector("[aria-expanded=true]")?.click();
  const done = (act) => () => { shut(buttons, more); act(); };
  const entries = own
    ? [
        item.type === "text" ? el("button", { type: "button", onclick: done(() => acts.edit(item)) }, icon("edit"), "Sunting") : null,
        el("button", { type: "button", onclick: done(() => acts.revoke(item)) }, icon("ban"), "Hapus untuk semua"),
      ]
    : EMOJI.map((emoji, index) => el("button", { type: "button", class: "emoji", "aria-label": `Tanggapi ${EMOJI_WORDS[index]}`, onclick: done(() => acts.react(item, emoji)) }, emoji));
  const menu = el("div", { class: own ? "row-menu words" : "row-menu" }, ...entries);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    shut(buttons, more);
    more.focus();
  });
  buttons.append(menu);
  more.setAttribute("aria-expanded", "true");
  menu.querySelector("button")?.focus();
  return null;
}

function shut(buttons, more) {
  buttons.querySelector(".row-menu")?.remove();
  more.setAttribute("aria-expanded", "false");
}
