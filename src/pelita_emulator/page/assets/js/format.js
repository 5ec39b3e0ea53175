// WhatsApp's formatting: *tebal*, _miring_, ~coret~, ```mesin```, `mesin`. Builds nodes, never markup.

import { el } from "./dom.js";

const MARKS = { "*": "strong", _: "em", "~": "s" };
const WHOLE = /(\b[A-Z]{1,5}-[0-9A-Z][0-9A-Z.]{1,7}\b|\b\d\d\.\d\d[-–]\d\d\.\d\d\b)/;
const OPENS = /^$|[\s(["'*_~-]$/;
const CLOSES = /^$|^[\s)\]"'*_~.,!?:;-]/;

/** A list of nodes and strings for `text`. */
export function formatted(text) {
  const parts = [];
  const blocks = text.split(/```([\s\S]+?)```/);
  blocks.forEach((block, index) => {
    if (index % 2) parts.push(el("code", {}, block));
    else parts.push(...inline(block));
  });
  return parts;
}

function inline(text) {
  const parts = [];
  let plain = "";
  for (let at = 0; at < text.length; at += 1) {
    const found = span(text, at);
    if (found === null) {
      plain += text[at];
      continue;
    }
    parts.push(...unbroken(plain), found.node);
    plain = "";
    at = found.end;
  }
  parts.push(...unbroken(plain));
  return parts;
}

/** Codes (KML-4F7Q, F-1.02) and spans of hours stay on one line; the text itself is not touched. */
function unbroken(text) {
  // Splitting by a group puts what matched at every odd place.
  return text.split(WHOLE).map((part, index) => (index % 2 ? el("span", { class: "whole" }, part) : part)).filter((part) => part !== "");
}

/** The marked span that starts here, or null: marks hug their words and stay within one line. */
function span(text, at) {
  const mark = text[at];
  const name = MARKS[mark] ?? (mark === "`" ? "code" : null);
  if (name === null || !OPENS.test(text.slice(Math.max(0, at - 1), at))) return null;
  for (let end = text.indexOf(mark, at + 1); end !== -1; end = text.indexOf(mark, end + 1)) {
    const inner = text.slice(at + 1, end);
    if (inner.includes("\n")) return null;
    if (inner && inner === inner.trim() && CLOSES.test(text.slice(end + 1, end + 2))) {
      return { node: el(name, {}, ...(name === "code" ? [inner] : inline(inner))), end };
    }
  }
  return null;
}
