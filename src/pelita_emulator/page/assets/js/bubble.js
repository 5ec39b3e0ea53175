// One message as a bubble. `item` is a message of the chat API, or a pending one with `pending`.

import { rowButtons } from "./acts.js";
import { fileAddress } from "./api.js";
import { contentOf } from "./content.js";
import { el, icon } from "./dom.js";
import { formatted } from "./format.js";
import { office } from "./state.js";
import { STATUS_WORDS, systemWords, timeWords, typeWords } from "./words.js";

const TICKS = { clock: "clock", held: "clock", accepted: "clock", sent: "check", delivered: "checks", read: "checks", played: "checks", failed: "alert" };
const LONG_PRESS = 450;

/** `acts` has own(item), reply, show, retry, react, edit, revoke, tap, openList, play. */
export function bubbleRow(item, acts) {
  if (item.type === "system") return el("p", { class: "hint", "data-wamid": item.wamid, "data-type": "system" }, systemWords(item.content));
  const own = acts.own(item);
  const content = contentOf(item, acts);
  const bubble = el("div", { class: `bubble${content.text ? "" : " wordless"}${item.edited && !item.deleted ? " edited" : ""}` });
  if (item.forwarded) bubble.append(el("div", { class: "forwarded" }, icon("out"), "Diteruskan"));
  if (item.context) bubble.append(quoteBlock(item.context, () => acts.show(item.context.message_id), acts.side));
  if (item.product) bubble.append(productBlock(item.product));
  bubble.append(...content.inside);
  if (content.text) bubble.append(el("div", { class: "text" }, ...formatted(content.text)));
  bubble.append(meta(item, own));
  bubble.append(...content.below);
  const reactions = Object.values(item.reactions ?? {});
  if (reactions.length) bubble.append(el("span", { class: "reactions", role: "img", "aria-label": `Tanggapan ${reactions.join(" ")}` }, reactions.join("")));
  const stack = el("div", { class: "stack" }, bubble, ...content.rows);
  const row = el(
    "div",
    {
      class: `row ${own ? "out" : "in"}${reactions.length ? " reacted" : ""}`,
      "data-wamid": item.wamid,
      "data-status": item.status,
      "data-type": item.type,
    },
    stack,
  );
  const buttons = rowButtons(item, acts);
  if (buttons) row.append(buttons);
  if (!own) whenHeld(bubble, () => acts.reply(item));
  return row;
}

export function quoteBlock(context, onclick, side = "citizen") {
  const who = context.from === side ? "Anda" : context.from === "office" ? office()?.name ?? "Kantor" : "Warga";
  const words = context.text || typeWords(context.media_type ?? context.type ?? "text");
  const content = [el("strong", {}, context.type === "status" ? `${who} · Status` : who), el("span", {}, words)];
  if (context.media_type === "image") content.push(el("img", { class: "quote-picture", src: fileAddress(context.media), alt: "" }));
  return onclick
    ? el("button", { type: "button", class: "quote", onclick }, ...content)
    : el("div", { class: "quote" }, ...content);
}

/** The item of the catalogue that a message asks about. */
export function productBlock(product) {
  return el("div", { class: "quote product" }, el("strong", {}, icon("bag"), "Katalog"), el("span", {}, product.title));
}

export function typingDots() {
  return el("div", { class: "typing", role: "img", "aria-label": "Kantor sedang mengetik" }, el("i"), el("i"), el("i"));
}

function meta(item, own) {
  const node = el("span", { class: "meta" });
  if (item.edited && !item.deleted) node.append(el("span", {}, "diedit"));
  if (own && item.origin !== "phone" && item.direction === "in") node.append(el("span", {}, "API"));
  node.append(el("time", { datetime: item.at }, timeWords(new Date(item.at))));
  if (own) {
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
