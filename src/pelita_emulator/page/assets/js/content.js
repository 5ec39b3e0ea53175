// What a bubble holds besides words: files, places, people, choices. Text goes in as text, never as markup.

import { fileAddress } from "./api.js";
import { el, icon } from "./dom.js";
import { formatted } from "./format.js";
import { office } from "./state.js";
import { voicePlayer } from "./voice.js";
import { placeWords, typeWords } from "./words.js";

const NUMBER = new Intl.NumberFormat("id-ID");

/** {inside: above the words, below: under them within the bubble, rows: buttons under the bubble, text}. */
export function contentOf(item, acts) {
  if (item.deleted) {
    const words = acts.own(item) ? "Anda menghapus pesan ini" : "Pesan ini dihapus";
    return { inside: [el("div", { class: "kind gone" }, icon("ban"), words)], below: [], rows: [], text: "" };
  }
  const made = (BUILDERS[item.type] ?? unknown)(item, acts);
  return { inside: [], below: [], rows: [], text: item.text, ...made };
}

const unknown = (item) => ({ inside: [el("div", { class: "kind" }, icon("block"), typeWords(item.type))] });

const BUILDERS = {
  text: () => ({}),
  button: () => ({}),
  image: (item) => ({ inside: [picture(item.content, "photo", typeWords("image"))] }),
  sticker: (item) => ({ inside: [picture(item.content, "photo sticker", typeWords("sticker"))] }),
  video: (item) => ({ inside: [film(item.content)] }),
  audio: (item, acts) => ({ inside: [sound(item, acts)] }),
  document: (item) => ({ inside: [paper(item.content)], text: item.content?.caption ?? "" }),
  location: (item) => ({ inside: [place(item.content)], text: "" }),
  contacts,
  order: (item) => ({ inside: [order(item.content, item.titles)] }),
  interactive,
  template,
};

function picture(content, className, alt) {
  if (!content?.id) return linked(content, "image");
  const image = el("img", { class: className, src: fileAddress(content.id), alt: content.caption ? "" : alt, loading: "lazy" });
  image.addEventListener("error", () => image.replaceWith(el("div", { class: "kind" }, icon("block"), `${alt} tidak ada di peraga`)));
  return image;
}

function film(content) {
  if (!content?.id) return linked(content, "video");
  return el("video", { class: "photo", src: fileAddress(content.id), controls: true, preload: "metadata", "aria-label": "Video" });
}

function sound(item, acts) {
  if (!item.content?.id) return linked(item.content, "audio");
  return voicePlayer(item.content.id, () => acts.play?.(item));
}

/** A file that stands elsewhere: shown, never fetched. */
function linked(content, type) {
  return el("div", { class: "kind" }, icon("block"), content?.link ? `${typeWords(type)} dari ${hostOf(content.link)}` : typeWords(type));
}

function paper(content) {
  const name = content?.filename || "Dokumen";
  const ending = (name.includes(".") ? name.split(".").at(-1) : (content?.mime_type ?? "").split("/").at(-1)).slice(0, 4).toUpperCase() || "FILE";
  const inside = [
    el("span", { class: "paper-badge", "data-ending": ending, "aria-hidden": "true" }, ending),
    el("span", { class: "paper-name" }, name),
  ];
  if (!content?.id) return el("div", { class: "paper" }, ...inside);
  return el("a", { class: "paper", href: fileAddress(content.id), download: name, "aria-label": `Simpan ${name}` }, ...inside, icon("save"));
}

function place(content) {
  const [latitude, longitude] = [Number(content?.latitude), Number(content?.longitude)];
  const words = placeWords(latitude, longitude);
  const address = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  return el(
    "div",
    { class: "place-card" },
    el("div", { class: "map", "aria-hidden": "true" }, icon("map"), icon("pin")),
    el("strong", {}, content?.name || "Lokasi"),
    content?.address ? el("span", {}, content.address) : null,
    el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, `Buka peta (${words})`),
  );
}

function person(contact) {
  const name = contact?.name?.formatted_name || contact?.name?.first_name || "Kontak";
  const phones = (contact?.phones ?? []).map((phone) => phone.phone).filter(Boolean);
  return el(
    "div",
    { class: "person-card" },
    el("span", { class: "avatar", "data-hue": "1", "aria-hidden": "true" }, icon("user")),
    el("span", {}, el("strong", {}, name), el("span", {}, phones.join(", ") || "tanpa nomor")),
  );
}

/** A card with the office's own number can be saved: only then does its Status show. */
function contacts(item, acts) {
  const people = item.content ?? [];
  const numbers = people.flatMap((contact) => contact?.phones ?? []).map((phone) => (phone.wa_id ?? phone.phone ?? "").replace(/\D/g, ""));
  const rows = acts.save && !acts.own(item) && numbers.includes(office()?.display_phone) ? [choice(acts.saved() ? "Tersimpan di kontak" : "Simpan kontak", acts.save, "user")] : [];
  if (rows.length) rows[0].disabled = acts.saved();
  return { inside: people.map(person), text: "", rows };
}

function order(content, titles = {}) {
  const items = content?.product_items ?? [];
  return el(
    "div",
    { class: "goods" },
    el("strong", {}, "Pesanan"),
    ...items.map((one) => el("span", {}, `${NUMBER.format(one.quantity ?? 1)} × ${titles[one.product_retailer_id] ?? one.product_retailer_id}`)),
  );
}

const headerOf = (header) => {
  if (!header) return [];
  if (header.type === "text" || header.text) return [el("strong", { class: "head" }, header.text)];
  return [fileOf(header.type, header[header.type])];
};

function fileOf(type, content) {
  if (type === "image") return picture(content, "photo", "Foto");
  if (type === "video") return film(content);
  return type === "document" ? paper(content) : linked(content, type);
}

const footerOf = (text) => (text ? [el("div", { class: "foot" }, text)] : []);
const choice = (words, onclick, name = null) => el("button", { type: "button", class: "choice", onclick }, name ? icon(name) : null, words);
const openLink = (words, href) => el("a", { class: "choice", href, target: "_blank", rel: "noopener noreferrer" }, icon("out"), words);

function interactive(item, acts) {
  const content = item.content ?? {};
  const action = content.action ?? {};
  const made = { inside: headerOf(content.header), below: footerOf(content.footer?.text), rows: [] };
  const press = (id, more) => () => acts.tap(item, id, more);
  if (content.type === "list") made.below.push(el("button", { type: "button", class: "opener", onclick: () => acts.openList(item) }, icon("list"), action.button));
  else if (content.type === "button") made.rows = (action.buttons ?? []).map(({ reply }) => choice(reply.title, press(reply.id)));
  else if (content.type === "cta_url") made.rows = [openLink(action.parameters.display_text, action.parameters.url)];
  else if (content.type === "location_request_message") made.rows = [choice("Kirim lokasi", press("send_location"), "pin")];
  else if (content.type === "request_contact_info") made.rows = [choice("Bagikan nomor saya", press("share_contact"), "user")];
  else if (content.type === "flow") made.rows = [choice(action.parameters.flow_cta, press("submit_flow"))];
  else if (content.type?.startsWith("product") || content.type === "catalog_message") made.inside.push(goods(content.type, action, item.titles));
  else if (content.list_reply?.description) made.below = footerOf(content.list_reply.description);
  if (acts.own(item)) made.rows = made.rows.map((row) => { row.disabled = true; return row; });
  return made;
}

function goods(type, action, titles = {}) {
  const items = type === "product" ? [action] : (action.sections ?? []).flatMap((section) => section.product_items ?? []);
  const lines = items.map((one) => el("span", {}, titles[one.product_retailer_id] ?? one.product_retailer_id));
  return el("div", { class: "goods" }, el("strong", {}, type === "catalog_message" ? "Lihat katalog" : "Layanan dari katalog"), ...lines);
}

function template(item, acts) {
  const shown = item.shown ?? {};
  const inside = shown.header ? [el("strong", { class: "head" }, ...formatted(shown.header))] : [];
  if (shown.media) inside.push(fileOf(shown.media.type, shown.media[shown.media.type]));
  const rows = (shown.buttons ?? []).map((button) => {
    if (button.type === "QUICK_REPLY") return choice(button.text, () => acts.tap(item, button.payload), "chat");
    if (button.type === "URL") return openLink(button.text, button.url);
    return el("span", { class: "choice" }, button.text || button.phone_number || button.type);
  });
  if (item.category === "marketing" && acts.marketing && !acts.own(item)) {
    const stopped = acts.stopped();
    rows.push(choice(stopped ? "Terima promosi lagi" : "Berhenti menerima promosi", () => acts.marketing(!stopped), stopped ? "again" : "ban"));
  }
  return { inside, below: footerOf(shown.footer), rows };
}

function hostOf(link) {
  return URL.canParse(link) ? new URL(link).host : "alamat lain";
}
