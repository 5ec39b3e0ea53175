// The office's catalogue on a citizen's phone: items with pictures, and "Tanya" about one of them.

import { el, icon } from "./dom.js";

/** `ask(product)` is called with {catalog_id, code, title}. The sheet closes by its button, Escape, or asking. */
export function openCatalog(screen, catalog, ask) {
  screen.querySelector(".catalog")?.remove();
  const back = document.activeElement;
  const close = () => { sheet.remove(); back?.focus(); };
  const choose = (item) => { sheet.remove(); ask({ catalog_id: catalog.catalog_id, code: item.code, title: item.title }); };
  const none = el("p", { class: "catalog-none" }, "Katalog kantor ini masih kosong.");
  const shut = el("button", { type: "button", class: "icon-button", "aria-label": "Tutup katalog", onclick: close }, icon("close"));
  const sheet = el(
    "div",
    { class: "catalog", role: "dialog", "aria-label": "Katalog" },
    el("div", { class: "list-head" }, shut, el("strong", {}, "Katalog")),
    catalog.items.length ? el("ul", { class: "catalog-items", tabindex: "0" }, ...catalog.items.map((item) => row(item, choose))) : none,
  );
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  screen.append(sheet);
  shut.focus();
}

function row(item, choose) {
  const picture = el("img", { src: item.picture, alt: "", loading: "lazy", width: "64", height: "64" });
  picture.addEventListener("error", () => picture.replaceWith(el("span", { class: "catalog-hole" }, icon("bag"))));
  const words = el("div", { class: "catalog-words" }, el("strong", {}, item.title), el("span", {}, item.description));
  return el("li", { "data-code": item.code }, picture, words, el("button", { type: "button", "aria-label": `Tanya ${item.title}`, onclick: () => choose(item) }, "Tanya"));
}
