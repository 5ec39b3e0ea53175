// The same words as pelita/web/words.py, said again while a page stays open. The sentences come with the page.
const MINUTE = 60, HOUR = 3600, DAY = 86400;

const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function parts(seconds, zone) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  return Object.fromEntries(format.formatToParts(new Date(seconds * 1000)).map((part) => [part.type, part.value]));
}

export function clockWords(at, zone) {
  const { hour, minute } = parts(at, zone);
  return `${hour}.${minute}`;
}

function daysApart(first, second, zone) {
  const day = (seconds) => {
    const { year, month, day: date } = parts(seconds, zone);
    return Date.UTC(+year, month - 1, +date) / 86400000;
  };
  return day(second) - day(first);
}

// Moments in seconds since 1970.
export function deadlineWords(due, now, zone, say) {
  const left = due - now;
  if (left < 0) {
    const late = Math.floor(-left);
    if (late < HOUR) return { text: fill(say.late_minutes, { n: Math.max(1, Math.floor(late / MINUTE)) }), tone: "late" };
    if (late < DAY) return { text: fill(say.late_hours, { n: Math.floor(late / HOUR) }), tone: "late" };
    return { text: fill(say.late_days, { n: Math.floor(late / DAY) }), tone: "late" };
  }
  const tone = left <= 2 * HOUR ? "soon" : "calm";
  if (left < HOUR) return { text: fill(say.minutes_left, { n: Math.max(1, Math.floor(left / MINUTE)) }), tone };
  const days = daysApart(now, due, zone);
  if (left <= 6 * HOUR || days === 0) return { text: fill(say.hours_left, { n: Math.floor(left / HOUR) }), tone };
  if (days === 1) return { text: fill(say.tomorrow_at, { clock: clockWords(due, zone) }), tone };
  return { text: fill(say.days_left, { n: days }), tone };
}

export function waitingWords(since, now, say) {
  const seconds = Math.max(0, Math.floor(now - since));
  if (seconds < MINUTE) return say.just_now;
  if (seconds < HOUR) return fill(say.minutes, { n: Math.floor(seconds / MINUTE) });
  if (seconds < DAY) {
    const minutes = String(Math.floor((seconds % HOUR) / MINUTE)).padStart(2, "0");
    return fill(say.hours_minutes_short, { h: Math.floor(seconds / HOUR), m: minutes });
  }
  return fill(say.days, { n: Math.floor(seconds / DAY) });
}

export function windowWords(closes, now, say) {
  const seconds = Math.floor(closes - now);
  if (seconds <= 0) return { text: "", short: "", tone: "late", share: 0 };
  const tone = seconds < HOUR ? "soon" : "calm";
  const share = Math.min(100, Math.ceil((seconds * 100) / DAY));
  const h = Math.floor(seconds / HOUR), m = Math.floor((seconds % HOUR) / MINUTE);
  if (!h) {
    const text = fill(say.minutes, { n: Math.max(1, m) });
    return { text, short: text, tone, share };
  }
  if (!m) return { text: fill(say.hours, { n: h }), short: fill(say.hours_short, { n: h }), tone, share };
  return { text: fill(say.hours_minutes, { h, m }), short: fill(say.hours_minutes_short, { h, m }), tone, share };
}

const root = document.documentElement;
// Office computers' clocks are often wrong; the server's is the one that deadlines are kept by.
let offset = Date.parse(root.dataset.now) - Date.now() || 0;
export const setServerTime = (iso) => { offset = Date.parse(iso) - Date.now() || 0; };
export const serverNow = () => (Date.now() + offset) / 1000;

function sayAgain(element, now, zone, say) {
  const at = Date.parse(element.dateTime) / 1000;
  if (element.dataset.words === "waiting") { element.textContent = waitingWords(at, now, say); return; }
  if (element.dataset.words === "deadline") {
    const { text, tone } = deadlineWords(at, now, zone, say);
    const box = element.closest(".deadline");
    element.textContent = text;
    box.classList.remove("is-calm", "is-soon", "is-late");
    box.classList.add(`is-${tone}`);
    const use = box.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, tone === "late" ? "#alert-circle" : "#clock"));
    return;
  }
  const bar = element.closest(".window");
  const { text, short, tone, share } = windowWords(at, now, say);
  if (!text) {
    // The server draws the closed window with its templates; the screen asks for it.
    if (!bar.dataset.closed) { bar.dataset.closed = "true"; bar.dispatchEvent(new CustomEvent("pelita:window-closed", { bubbles: true })); }
    return;
  }
  element.querySelector(".window-long").textContent = text;
  element.querySelector(".window-short").textContent = short;
  bar.classList.toggle("is-soon", tone === "soon");
  bar.querySelector("progress").value = share;
}

export function refreshWords(scope = document) {
  const source = document.getElementById("word-patterns");
  if (!source) return;
  const say = JSON.parse(source.textContent), now = serverNow(), zone = root.dataset.zone;
  for (const element of scope.querySelectorAll("time[data-words]")) sayAgain(element, now, zone, say);
}

setInterval(refreshWords, 20000);
addEventListener("pelita:now", (event) => { setServerTime(event.detail); refreshWords(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) refreshWords(); });
