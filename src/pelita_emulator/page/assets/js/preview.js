// WhatsApp's own screens before something goes out: where to, and how it will look, with words under each picture.

import { api, fileAddress } from "./api.js";
import { cover, el, icon, toast, uncover } from "./dom.js";
import { hueOf, initials, typeWords } from "./words.js";

const CAPTION = 1024;
const TEXT = 700;

/** A sheet over the phone that Escape closes; `left()` is called when it is left without sending. */
function sheet(screen, className, words, left) {
  const back = closeSheet(screen) ? null : document.activeElement;
  const close = () => { closeSheet(screen); if (back?.isConnected) back.focus(); };
  const leave = () => { close(); left?.(); };
  const root = el("div", { class: `send-sheet ${className}`, role: "dialog", "aria-label": words });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    leave();
  });
  cover(screen, root);
  return { root, close, leave };
}

/** Whether there was one. */
export function closeSheet(screen) {
  const found = screen.querySelector(".send-sheet");
  if (found) uncover(screen, found);
  return Boolean(found);
}

/** "Kirim ke": Status first, then chats. `choose(to, words)` gets "status" or a citizen's id. */
export function openChooser(screen, people, choose, left) {
  const { root, leave } = sheet(screen, "chooser", "Kirim ke", left);
  const shut = el("button", { type: "button", class: "icon-button", "aria-label": "Batal membagikan", onclick: leave }, icon("close"));
  const line = (to, mark, name, note) => el("li", {}, el("button", { type: "button", class: "person", onclick: () => choose(to, name) }, mark, el("span", { class: "person-words" }, el("strong", {}, name), note ? el("span", {}, note) : null)));
  const status = line("status", el("span", { class: "office-mark" }, icon("mark")), "Status saya", "Kontak yang saling menyimpan, 24 jam");
  const chats = people.map((citizen) => line(citizen.id, el("span", { class: "avatar", "data-hue": hueOf(citizen.id), "aria-hidden": "true" }, initials(citizen.name)), citizen.name, ""));
  root.append(el("div", { class: "list-head" }, shut, el("strong", {}, "Kirim ke…")), el("ul", { class: "chooser-list", tabindex: "0" }, status, ...chats));
  status.querySelector("button").focus();
}

/** Pictures and films `files` [{id, type}], one on show, each with its words; none means a Status of words alone.

`send(captions)` returns a promise; the sheet closes when it is kept. */
export function openPreview(screen, files, words, to, send, left) {
  const { root, close, leave } = sheet(screen, files.length ? "preview" : "preview words", `Kirim ke ${to}`, left);
  const captions = files.length ? files.map((_, index) => (index ? "" : words)) : [words];
  let shown = 0;
  const stage = el("div", { class: "preview-stage" });
  const box = el("textarea", { rows: files.length ? "3" : "6", "aria-label": files.length ? "Keterangan" : "Tulisan status", placeholder: files.length ? "Tambah keterangan" : "Tulis status", maxlength: String(files.length ? CAPTION : TEXT) });
  box.addEventListener("input", () => { captions[shown] = box.value; });
  const strip = files.map((file, index) => el("button", { type: "button", "aria-label": `Berkas ${index + 1} dari ${files.length}`, onclick: () => show(index) }, small(file)));
  const show = (index) => {
    shown = index;
    if (files.length) stage.replaceChildren(large(files[index]));
    strip.forEach((button, place) => button.setAttribute("aria-pressed", String(place === index)));
    box.value = captions[index];
    box.scrollTop = 0;
  };
  const button = el("button", { type: "submit", class: "send ready", "aria-label": "Kirim" }, icon("send"));
  const form = el("form", {}, files.length > 1 ? el("div", { class: "preview-strip" }, ...strip) : null, box, el("div", { class: "preview-to" }, el("span", {}, to), button));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await send(captions.map((caption) => caption.trim()));
      close();
    } catch (reason) {
      button.disabled = false;
      toast(reason.message);
    }
  });
  const shut = el("button", { type: "button", class: "icon-button", "aria-label": "Batal mengirim", onclick: leave }, icon("close"));
  root.append(el("div", { class: "list-head" }, shut), ...(files.length ? [stage] : []), form);
  show(0);
  box.focus();
  box.scrollTop = 0;
}

/** What another app shared: choose where to, look at it, send. */
export function openShare(screen, share, people, done) {
  const cancel = () => { done(); api.cancelShare().catch((reason) => toast(reason.message)); };
  const choose = (to, name) => openPreview(screen, share.files, share.text, name, (captions) => api.sendShare({ to, captions }).then(done), cancel);
  openChooser(screen, people, choose, cancel);
}

function large(file) {
  const source = { src: fileAddress(file.id) };
  return file.type === "image" ? el("img", { ...source, alt: typeWords("image") }) : el("video", { ...source, controls: true, "aria-label": typeWords("video") });
}

const small = (file) => (file.type === "image" ? el("img", { src: fileAddress(file.id), alt: "" }) : icon("play"));
