// A voice message: play and pause, bars that fill, the length.

import { fileAddress } from "./api.js";
import { el, icon } from "./dom.js";

const BARS = 30;
const clock = (seconds) => `${Math.floor(seconds / 60)}.${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** `played()` is called when somebody begins to listen. */
export function voicePlayer(id, played) {
  const sound = new Audio();
  sound.preload = "metadata";
  sound.src = fileAddress(id);
  const bars = Array.from({ length: BARS }, (_, index) => bar(id, index));
  const time = el("span", { class: "voice-time" }, "0.00");
  const button = el("button", { type: "button", class: "voice-button", "aria-label": "Putar pesan suara" }, icon("play"));
  button.addEventListener("click", () => {
    if (!sound.paused) return sound.pause();
    played();
    return sound.play().catch(() => { time.textContent = "tidak dapat diputar"; });
  });
  const show = () => {
    const length = Number.isFinite(sound.duration) ? sound.duration : 0;
    const done = length ? sound.currentTime / length : 0;
    bars.forEach((node, index) => node.classList.toggle("done", (index + 0.5) / BARS < done));
    time.textContent = clock(sound.paused && !sound.currentTime ? length : sound.currentTime);
    button.replaceChildren(icon(sound.paused ? "play" : "pause"));
    button.setAttribute("aria-label", sound.paused ? "Putar pesan suara" : "Jeda pesan suara");
  };
  for (const name of ["loadedmetadata", "timeupdate", "play", "pause"]) sound.addEventListener(name, show);
  sound.addEventListener("ended", () => { sound.currentTime = 0; show(); });
  return el("div", { class: "voice" }, button, el("span", { class: "voice-bars", "aria-hidden": "true" }, ...bars), time);
}

/** Heights that look like a voice and stay the same for the same message. */
function bar(id, index) {
  const code = String(id).charCodeAt(index % String(id).length);
  const node = el("i");
  node.style.height = `${4 + ((code * (index + 3)) % 15)}px`;
  return node;
}
