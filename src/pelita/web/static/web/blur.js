// What must not be seen on a photo is covered with a finger: touch it, and pull to make the circle larger. Shown here as
// the server will make it for good. Asked for by the event "pelita:blur" with {bitmap, circles, done}.

const dialog = document.getElementById("kabur"), canvas = dialog.querySelector("canvas"), pen = canvas.getContext("2d");
const SIDE = 1600, LEAST = 0.03, TAP = 0.07, STEP = 0.02, PATCHES = 40, ACROSS = 3, MOST = 40;
let photo = null, circles = [], drawing = null, cursor = null, done = null;

document.addEventListener("pelita:blur", ({ detail }) => {
  photo = detail.bitmap;
  circles = detail.circles.map((one) => [...one]);
  done = detail.done;
  cursor = null;
  const scale = Math.min(1, SIDE / Math.max(photo.width, photo.height));
  canvas.width = Math.round(photo.width * scale);
  canvas.height = Math.round(photo.height * scale);
  draw();
  dialog.showModal();
  canvas.focus({ preventScroll: true });
});

function draw() {
  pen.drawImage(photo, 0, 0, canvas.width, canvas.height);
  for (const circle of [...circles, ...(drawing ? [drawing] : [])]) hide(circle);
  if (drawing) ring(drawing, [8, 6]);
  if (cursor) ring(cursor, []);
  const words = dialog.querySelector("[data-blur-count]");
  words.textContent = words.dataset.words.replace("{n}", circles.length);
  for (const name of ["undo", "clear"]) dialog.querySelector(`[data-blur-${name}]`).disabled = !circles.length;
}

const parts = ([x, y, radius]) => [x * canvas.width, y * canvas.height, radius * canvas.width];

// A few mean colours in place of what lies in the circle, as news/pictures.py does.
function hide(circle) {
  const [x, y, radius] = parts(circle);
  const left = Math.max(0, Math.floor(x - radius)), top = Math.max(0, Math.floor(y - radius));
  const width = Math.min(canvas.width, Math.ceil(x + radius)) - left, height = Math.min(canvas.height, Math.ceil(y + radius)) - top;
  if (width < 1 || height < 1) return;
  const patch = Math.max(Math.max(canvas.width, canvas.height) / PATCHES, (radius * 2) / ACROSS);
  let few = shrunk(canvas, left, top, width, height, width, height);
  // Halved again and again, so that every pixel counts; at once the browser would pick some.
  while (few.width > 2 * (width / patch) || few.height > 2 * (height / patch)) {
    const [wide, high] = [Math.max(1, Math.round(few.width / 2)), Math.max(1, Math.round(few.height / 2))];
    if (wide === few.width && high === few.height) break;
    few = shrunk(few, 0, 0, few.width, few.height, wide, high);
  }
  pen.save();
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.clip();
  pen.imageSmoothingQuality = "high";
  pen.drawImage(few, left, top, width, height);
  pen.restore();
}

function shrunk(source, x, y, width, height, wide, high) {
  const made = new OffscreenCanvas(wide, high);
  made.getContext("2d").drawImage(source, x, y, width, height, 0, 0, wide, high);
  return made;
}

function ring(circle, dashes) {
  const [x, y, radius] = parts(circle), line = Math.max(2, canvas.width / 300);
  for (const [colour, width] of [["rgb(0 0 0 / .75)", line * 2], ["#fff", line]]) {
    pen.beginPath();
    pen.setLineDash(dashes);
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.stroke();
  }
  pen.setLineDash([]);
}

function add(circle) {
  if (circles.length < MOST) circles.push(circle.map((value) => Math.round(Math.min(1, Math.max(0, value)) * 1e4) / 1e4));
}

// -- finger and mouse --
const at = (event) => {
  const box = canvas.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
};
canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  cursor = null;
  drawing = [...at(event), TAP];
  draw();
});
canvas.addEventListener("pointermove", (event) => {
  if (!drawing) return;
  const [x, y] = at(event), away = Math.hypot(x - drawing[0], ((y - drawing[1]) * canvas.height) / canvas.width);
  drawing[2] = Math.min(1, Math.max(away > LEAST ? away : TAP, LEAST));
  draw();
});
canvas.addEventListener("pointerup", () => { if (drawing) add(drawing); drawing = null; draw(); });
canvas.addEventListener("pointercancel", () => { drawing = null; draw(); });

// -- keys --
const MOVES = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
canvas.addEventListener("keydown", (event) => {
  const move = MOVES[event.key], size = { "+": 1.2, "=": 1.2, "-": 1 / 1.2 }[event.key];
  if (!move && !size && event.key !== "Enter") return;
  event.preventDefault();
  if (!cursor) cursor = [0.5, 0.5, TAP];
  else if (move) [0, 1].forEach((side) => { cursor[side] = Math.min(1, Math.max(0, cursor[side] + move[side])); });
  if (size) cursor[2] = Math.min(0.5, Math.max(LEAST, cursor[2] * size));
  if (event.key === "Enter") add(cursor);
  draw();
});

// -- buttons --
dialog.addEventListener("click", (event) => {
  if (event.target.closest("[data-blur-undo]")) { circles.pop(); draw(); }
  if (event.target.closest("[data-blur-clear]")) { circles = []; draw(); }
  if (event.target.closest("[data-blur-close]")) dialog.close();
  if (event.target.closest("[data-blur-done]")) { const found = circles, tell = done; dialog.close(); tell(found); }
});
dialog.addEventListener("close", () => { photo = drawing = cursor = null; });
