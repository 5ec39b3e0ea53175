// What a citizen can send besides words: a photo, a paper, a voice, a place, a person.

import { api } from "./api.js";
import { el, icon, toast } from "./dom.js";

const HERE = { latitude: -7.3826, longitude: 112.3895, name: "Dekat balai dusun", address: "Desa Kemlagi, Kabupaten Mojokerto" };
const FRIEND = { name: { formatted_name: "Pak RT Slamet", first_name: "Slamet" }, phones: [{ phone: "+62 899-0000-1234", type: "CELL" }] };
const VOICE = "/assets/sample/suara.ogg";

/** A button with its menu. `send(message)` takes a message object of the API. */
export function attachButton(send) {
  const files = el("input", { type: "file", class: "hidden", tabindex: "-1", "aria-hidden": "true" });
  const menu = el("div", { class: "attach-menu", hidden: true });
  const button = el("button", { type: "button", class: "attach", "aria-label": "Lampirkan", "aria-expanded": "false" }, icon("plus"));
  const show = (open) => {
    menu.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) menu.querySelector("button").focus();
  };
  const entry = (name, words, act) => el("button", { type: "button", onclick: () => { show(false); run(act); } }, icon(name), words);
  const pick = (accept) => () => { files.accept = accept; files.click(); };
  menu.append(
    entry("photo", "Foto atau video", pick("image/jpeg,image/png,image/webp,video/mp4,video/3gpp")),
    entry("paper", "Dokumen", pick("")),
    entry("photo", "Contoh foto", async () => send(await fileMessage(await samplePhoto(), "foto.jpg"))),
    entry("mic", "Contoh suara", async () => send(await voiceMessage())),
    entry("pin", "Lokasi", () => send({ type: "location", location: HERE })),
    entry("user", "Kontak", () => send({ type: "contacts", contacts: [FRIEND] })),
  );
  files.addEventListener("change", () => {
    const [file] = files.files;
    files.value = "";
    if (file) run(async () => send(await fileMessage(file, file.name)));
  });
  button.addEventListener("click", () => show(menu.hidden));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    show(false);
    button.focus();
  });
  document.addEventListener("pointerdown", (event) => { if (!menu.hidden && !menu.contains(event.target) && !button.contains(event.target)) show(false); });
  return { button, menu, files };
}

async function run(act) {
  try {
    await act();
  } catch (reason) {
    toast(reason.message);
  }
}

async function fileMessage(blob, name) {
  const file = await api.upload(blob, name);
  const type = typeOf(file.mime_type);
  return { type, [type]: { id: file.id, mime_type: file.mime_type, ...(type === "document" ? { filename: name } : {}) } };
}

function typeOf(mime) {
  if (mime === "image/webp") return "sticker";
  const kind = mime.split("/")[0];
  return ["image", "video", "audio"].includes(kind) ? kind : "document";
}

async function voiceMessage() {
  const sample = await (await fetch(VOICE)).blob();
  const file = await api.upload(new Blob([sample], { type: "audio/ogg" }), "suara.ogg");
  return { type: "audio", audio: { id: file.id, mime_type: "audio/ogg", voice: true } };
}

/** Rice fields and a ditch, drawn: a photo without anybody's photo. */
export function samplePhoto() {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [960, 600];
  const draw = canvas.getContext("2d");
  const area = (colour, ...points) => {
    draw.fillStyle = colour;
    draw.beginPath();
    points.forEach(([x, y]) => draw.lineTo(x, y));
    draw.fill();
  };
  area("#cfe6ee", [0, 0], [960, 0], [960, 330], [0, 330]);
  draw.fillStyle = "#f8d98a";
  draw.beginPath();
  draw.arc(720, 120, 62, 0, 7);
  draw.fill();
  area("#7fae8e", [0, 300], [260, 190], [520, 280], [780, 180], [960, 260], [960, 400], [0, 400]);
  area("#93b75d", [0, 340], [960, 320], [960, 600], [0, 600]);
  area("#7aa04a", [0, 420], [400, 380], [330, 600], [0, 600]);
  area("#86ad52", [560, 380], [960, 410], [960, 600], [660, 600]);
  area("#9ec7d8", [455, 345], [500, 345], [650, 600], [345, 600]);
  area("#8a6a45", [345, 600], [455, 345], [446, 345], [310, 600]);
  area("#8a6a45", [650, 600], [500, 345], [509, 345], [688, 600]);
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.86); });
}
