// One message as a bubble. `item` is a message of the chat API, or a pending one with `pending`.

import { el, icon } from "./dom.js";
import { formatted } from "./format.js";
import { office } from "./state.js";
import { STATUS_WORDS, timeWords, typeWords } from "./words.js";

const TICKS = { clock: "clock", sent: "check", delivered: "checks", read: "checks", failed: "alert" };
const LONG_PRESS = 450;

/** `acts` has reply(item), show(wamid) and retry(item). */
export function bubbleRow(item, acts) {
  const bubble = el("div", { class: item.text ? "bubble" : "bubble wordless" });
  if (item.context) bubble.append(quoteBlock(item.context, () => acts.show(item.context.message_id)));
  if (item.type !== "text") bubble.append(el("div", { class: "kind" }, icon("block"), typeWords(item.type)));
  if (item.text) bubble.append(el("div", { class: "text" }, ...formatted(item.text)));
  bubble.append(meta(item));
  const row = el(
    "div",
    {
      class: `row ${item.direction}`,
      "data-wamid": item.wamid,
      "data-status": item.status,
      "data-type": item.type,
    },
    bubble,
  );
  if (item.direction === "in") {
    const label = `Balas: ${(item.text || typeWords(item.type)).slice(0, 60)}`;
    const button = el("button", { type: "button", class: "reply", "aria-label": label, onclick: () => acts.reply(item) }, icon("reply"));
    row.append(button);
    whenHeld(bubble, () => acts.reply(item));
  }
  return row;
}

export function quoteBlock(context, onclick) {
  const who = context.from === "citizen" ? "Anda" : office()?.name ?? "Kantor";
  const content = [el("strong", {}, who), el("span", {}, context.text || "Pesan")];
  return onclick
    ? el("button", { type: "button", class: "quote", onclick }, ...content)
    : el("div", { class: "quote" }, ...content);
}

export function typingDots() {
  return el("div", { class: "typing", role: "img", "aria-label": "Kantor sedang mengetik" }, el("i"), el("i"), el("i"));
}

function meta(item) {
  const node = el("span", { class: "meta" }, el("time", { datetime: item.at }, timeWords(new Date(item.at))));
  if (item.direction === "out") {
    const name = TICKS[item.status] ?? "check";
    node.append(icon(name, `tick ${item.status}`, STATUS_WORDS[item.status] ?? item.status));
  }
  return node;
}

/** A long press on a touch screen, or a double click. */
function whenHeld(node, act) {
  let timer = 0;
  const stop = () => clearTimeout(timer);
  node.addEventListener("touchstart", () => { timer = setTimeout(act, LONG_PRESS); }, { passive: true });
  for (const name of ["touchend", "touchmove", "touchcancel"]) node.addEventListener(name, stop, { passive: true });
  node.addEventListener("dblclick", act);
}
