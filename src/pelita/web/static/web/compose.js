// The composer. Whatever is typed or photographed lies on this device within a moment (kept-posts.js) and is with the
// office a second later; without a connection it waits. Without this script the form works as it is.

const { officer, put, get, drop, send, newKey } = globalThis.keptPosts;
const form = document.querySelector("[data-compose]"), fields = form.elements;
const pictures = form.querySelector("[data-pictures]"), waiting = form.querySelector("[data-pending]");
const saved = document.querySelector("[data-saved]"), wrong = form.querySelector("[data-photo-error]");
const SIDE = 2048, NEW = "/berita/baru";
let pending = [], changed = false, saving = null, again = false, closed = false, shown = pictures.innerHTML, timer = 0;
let unsure = null;  // what was sent and not answered

const say = (words, failed = false) => { saved.textContent = words; saved.classList.toggle("is-failed", failed); };
const toast = (text) => document.dispatchEvent(new CustomEvent("pelita:toast", { detail: { text, failure: true, seconds: 6 } }));
const complain = (words) => { wrong.hidden = !words; wrong.querySelector("span").textContent = words; };

// -- photos --
// A photo of twelve megapixels goes over a village's connection as one of three; the server makes no more of it.
async function shrink(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!bitmap) return file;  // what this browser cannot open, the server judges
  const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.88 });
}

async function take(files) {
  complain("");
  for (const file of files) {
    const blob = await shrink(file);
    pending.push(card({ key: newKey(), blob, name: file.name || "foto.jpg", alt: "", circles: [] }));
  }
  touched(0);
}

function card(photo) {
  const made = document.getElementById("foto-baru").content.cloneNode(true).firstElementChild;
  const input = made.querySelector("input"), label = made.querySelector("label");
  input.id = `alt-${photo.key}`;
  label.htmlFor = input.id;
  input.value = photo.alt;
  input.addEventListener("input", () => { photo.alt = input.value; });
  made.querySelector("[data-forget]").addEventListener("click", () => {
    pending = pending.filter((one) => one !== photo);
    made.remove();
    complain("");
    touched(0);
  });
  made.querySelector("[data-blur]").addEventListener("click", () => blur(photo.blob, photo.circles, (circles) => {
    photo.circles = circles;
    thumb(photo);
    touched(0);
  }));
  waiting.append(made);
  photo.card = made;
  thumb(photo);
  return photo;
}

async function thumb(photo) {
  const bitmap = await createImageBitmap(photo.blob).catch(() => null), old = photo.card.querySelector(".photo-shown");
  if (!bitmap) { photo.card.querySelector("[data-blur]").hidden = true; return; }
  const canvas = document.createElement("canvas");
  canvas.className = "photo-shown";
  canvas.width = 336;
  canvas.height = Math.round((336 * bitmap.height) / bitmap.width);
  const pen = canvas.getContext("2d");
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  // Small as it is, a plain cover is enough here.
  for (const [x, y, radius] of photo.circles) {
    pen.beginPath();
    pen.arc(x * canvas.width, y * canvas.height, radius * canvas.width, 0, 2 * Math.PI);
    pen.fillStyle = "#8a8f8d";
    pen.fill();
  }
  bitmap.close();
  old.replaceWith(canvas);
}

async function blur(blob, circles, done) {
  const bitmap = await createImageBitmap(blob).catch(() => null);
  if (bitmap) document.dispatchEvent(new CustomEvent("pelita:blur", { detail: { bitmap, circles, done } }));
}

pictures.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-blur]"), one = button?.closest("[data-picture]");
  if (!one) return;
  const response = await fetch(one.dataset.original || one.dataset.large).catch(() => null);
  if (!response?.ok) return;
  blur(await response.blob(), JSON.parse(one.dataset.circles), (circles) => {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: `blur-${one.dataset.picture}`, value: JSON.stringify(circles) });
    pictures.append(field);
    touched(0);
  });
});

form.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches("[data-photos]")) return;
  const files = [...field.files];
  field.value = "";
  take(files);
});

// -- keeping and saving --
// Choices that a script makes no difference to are sent as the browser would send them.
const values = () => [...new FormData(form)].filter(([, value]) => typeof value === "string");
const written = () => fields.title.value.trim() || fields.text.value.trim() || pending.length;

function record(why = "") {
  const photos = pending.map(({ key, blob, name, alt, circles }) => ({ key, blob, name, alt, circles }));
  return { key: fields.draft_key.value, officer, url: new URL(form.action).pathname, fields: values(), photos, at: Date.now(), why };
}

function touched(wait = 1200) {
  changed = true;
  clearTimeout(timer);
  timer = setTimeout(save, wait);
  if (written()) put(record()).catch(() => {});
}

form.addEventListener("input", (event) => { if (!event.target.matches("[type=file]")) touched(); });

// One at a time: each takes the version that the one before made. Returns whether everything is with the office.
async function save() {
  clearTimeout(timer);
  if (closed) return false;
  if (saving) { again = true; return saving; }
  if (!changed && !pending.length) return true;
  if (!written() && fields.seen.value === "0") { changed = false; return true; }
  saving = post();
  const found = await saving;
  saving = null;
  if (again) { again = false; return save(); }
  return found;
}

async function post() {
  // What may have arrived goes once more as it was: the office knows it again and says which version it has now.
  const repeated = Boolean(unsure), sent = unsure ?? record();
  unsure = null;
  if (repeated) again = true; else changed = false;
  say(saved.dataset.saving);
  const said = await send(sent, fields.csrfmiddlewaretoken.value).catch(() => ({}));
  if (!said.errors) return unheard(sent, said.status ?? 0);
  if (said.code) arrived(said);
  const { errors } = said;
  complain((errors.photos ?? []).join(" "));
  if (said.ok) {
    say(said.words);
    if (!changed && !pending.length) await drop(sent.key);
    return true;
  }
  if (said.status === 409) closed = true;
  const other = Object.entries(errors).filter(([name]) => name !== "photos").flatMap(([, ones]) => ones);
  say(said.sentence || other.join(" ") || (said.code ? said.words : saved.dataset.failed), !said.code || other.length > 0);
  for (const one of errors.photos ? pending : []) one.card.querySelector("[data-wait]").textContent = "";
  return false;
}

// No connection, a session that ended, a page that is too old: what was written stays on this device.
async function unheard(sent, status) {
  const lost = !status || status >= 500;
  changed = true;
  again = false;
  if (lost) unsure = sent;
  say(lost ? saved.dataset.offline : saved.dataset.failed, true);
  await put(record()).catch(() => {});
  if (lost) timer = setTimeout(save, 20_000);
  return false;
}

// What the office has now: the version, the address, the pictures.
function arrived(said) {
  fields.seen.value = said.lock;
  form.action = said.address;
  if (location.pathname !== said.address) history.replaceState(history.state, "", said.address);
  if (said.pictures !== shown) {
    const active = document.activeElement, typed = active?.closest("[data-pictures]") ? { id: active.id, value: active.value } : null;
    pictures.innerHTML = shown = said.pictures;
    const back = typed && document.getElementById(typed.id);
    if (back) { back.value = typed.value; back.focus(); }
  }
  const there = new Set([...pictures.querySelectorAll("[data-key]")].map((one) => one.dataset.key));
  for (const one of pending.filter(({ key }) => there.has(key))) one.card.remove();
  pending = pending.filter(({ key }) => !there.has(key));
}

// A button's step waits until the office has everything; as long as it has not, nothing leaves this device.
const here = () => pending.length > 0 || (changed && !closed);
form.addEventListener("submit", async (event) => {
  if (form.dataset.ready) return;
  event.preventDefault();
  const button = event.submitter;
  button?.setAttribute("aria-busy", "true");
  if (saving) await saving;
  if (here()) await save();
  button?.removeAttribute("aria-busy");
  if (here()) {
    if (wrong.hidden) toast(saved.textContent);
    else wrong.scrollIntoView({ block: "center" });
    return;
  }
  clearTimeout(timer);
  await drop(fields.draft_key.value).catch(() => {});
  form.dataset.ready = "true";
  // The pictures' own buttons may have come anew with what was saved.
  form.requestSubmit(button?.isConnected === false ? form.querySelector(`button[value="${button.value}"]`) : button);
});

addEventListener("pageshow", (event) => { if (event.persisted) delete form.dataset.ready; });
addEventListener("online", () => { if (changed || pending.length) save(); });
document.addEventListener("visibilitychange", () => { if (document.hidden && changed) save(); });

// -- what was kept --
function fill(kept) {
  const given = new Map();
  for (const [name, value] of kept.fields) given.set(name, [...(given.get(name) ?? []), value]);
  for (const field of fields) {
    if (!field.name || OURS.includes(field.name) || field.type === "file") continue;
    const found = given.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = found.includes(field.value);
    else if (found.length) field.value = found[0];
  }
  pending = kept.photos.map(card);
  if (kept.why) say(kept.why, true);
}

// Somebody else wrote after this device did: neither is thrown away without being asked. Photos belong to both.
const OURS = ["csrfmiddlewaretoken", "seen", "do"];
const said = (entries) => JSON.stringify(entries.filter(([name]) => !OURS.includes(name) && !/^(alt|blur)-/.test(name)));
const older = (kept) => Number(new Map(kept.fields).get("seen") ?? 0) < Number(fields.seen.value) && said(kept.fields) !== said(values());

function choose(kept) {
  const dialog = document.getElementById("dua-tulisan"), given = new Map(kept.fields);
  dialog.querySelector("[data-kept-title]").textContent = given.get("title");
  dialog.querySelector("[data-kept-text]").textContent = given.get("text");
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => {
    // A second Escape closes it all the same in Chromium, and chooses nothing.
    if (!["here", "office"].includes(dialog.returnValue)) { dialog.showModal(); return; }
    if (dialog.returnValue === "here") fill(kept);
    else pending = kept.photos.map(card);
    touched(0);
  });
  dialog.showModal();
}

async function begin() {
  const asked = new URLSearchParams(location.search).get("draf");
  // A page out of the cache carries a key that was used before.
  if (location.pathname === NEW) fields.draft_key.value = asked || (fields.seen.value === "0" && !form.querySelector(".is-wrong") ? newKey() : fields.draft_key.value);
  const kept = await get(fields.draft_key.value).catch(() => null);
  if (kept?.officer === officer && older(kept)) choose(kept);
  else if (kept?.officer === officer) { fill(kept); touched(0); }
  globalThis.keptPosts.show();
}
begin();
