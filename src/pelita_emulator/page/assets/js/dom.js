// Small helpers to build elements. Text always goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/** el("p", {class: "a", onclick: f}, "text", node, …); null and false are left out. */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name, className = "", label = "") {
  const svg = document.createElementNS(SVG, "svg");
  if (className) svg.setAttribute("class", className);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export const byId = (id) => document.getElementById(id);

/** Lay something over a phone's screen: what lies beneath cannot be reached until `uncover`. */
export function cover(screen, node) {
  for (const child of screen.children) child.inert = true;
  screen.append(node);
}

export function uncover(screen, node) {
  node?.remove();
  for (const child of screen.children) child.inert = false;
}

export function toast(sentence) {
  const node = el("p", { class: "toast" }, sentence);
  byId("toasts").append(node);
  setTimeout(() => node.remove(), 5000);
}
