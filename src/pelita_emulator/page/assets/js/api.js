// The control API in a few words. Errors carry the server's own sentence.

import { state } from "./state.js";

export class Refused extends Error {}

async function call(method, path, body) {
  const json = body !== undefined && !(body instanceof Blob);
  let answer;
  try {
    answer = await fetch(`/control/${path}`, {
      method,
      headers: json ? { "Content-Type": "application/json" } : {},
      body: json ? JSON.stringify(body) : body,
    });
  } catch {
    throw new Refused("Peraga tidak menjawab. Pastikan programnya masih berjalan.");
  }
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(content.error?.message ?? "Peraga menolak permintaan ini.");
  return content;
}

const inLine = (path) => path + (path.includes("?") ? "&" : "?") + "line=" + encodeURIComponent(state.line);
const ofLine = (path) => `lines/${encodeURIComponent(state.line)}${path}`;

export const fileAddress = (id) => `/control/media/${encodeURIComponent(id)}`;

export const api = {
  state: () => call("GET", "state?log=150"),
  chat: (id, before, all) => call("GET", inLine(`citizens/${id}/chat?limit=60${before ? `&before=${before}` : ""}${all ? "&all=1" : ""}`)),
  add: (wish) => call("POST", "citizens", wish),
  change: (id, wish) => call("PATCH", `citizens/${id}`, wish),
  identity: (id, wish) => call("POST", `citizens/${id}/identity`, wish),
  remove: (id) => call("DELETE", `citizens/${id}`),
  write: (id, message) => call("POST", inLine(`citizens/${id}/messages`), message),
  tap: (id, wish) => call("POST", inLine(`citizens/${id}/tap`), wish),
  play: (id, wamid) => call("POST", `citizens/${id}/play`, { wamid }),
  read: (id, wamid) => call("POST", inLine(`citizens/${id}/read`), { wamid }),
  upload: (blob, name) => call("POST", `media?filename=${encodeURIComponent(name)}`, blob),
  phoneWrite: (citizen, message) => call("POST", ofLine("/phone/messages"), { citizen, ...message }),
  phone: () => call("GET", ofLine("/phone")),
  phoneOpen: () => call("POST", ofLine("/phone/open")),
  phoneContact: (wish) => call("POST", ofLine("/phone/contacts"), wish),
  history: (wish) => call("POST", ofLine("/phone/history"), wish),
  statuses: (id) => call("GET", inLine(`citizens/${id}/statuses`)),
  viewStatus: (id, status) => call("POST", inLine(`citizens/${id}/statuses/${encodeURIComponent(status)}/view`)),
  replyStatus: (id, status, text) => call("POST", inLine(`citizens/${id}/statuses/${encodeURIComponent(status)}/reply`), { text }),
  saveNumber: (id, saved) => call("POST", inLine(`citizens/${id}/contacts`), { saved }),
  marketing: (id, stop) => call("POST", inLine(`citizens/${id}/marketing`), { stop }),
  ownStatuses: () => call("GET", inLine("office-phone/statuses")),
  postStatus: (wish) => call("POST", inLine("office-phone/statuses"), wish),
  removeStatus: (status) => call("DELETE", inLine(`office-phone/statuses/${encodeURIComponent(status)}`)),
  share: () => call("GET", inLine("office-phone/share")),
  sendShare: (wish) => call("POST", inLine("office-phone/share/send"), wish),
  cancelShare: () => call("DELETE", inLine("office-phone/share")),
  catalog: () => call("GET", ofLine("/catalog")),
  line: (wish) => call("PATCH", ofLine(""), wish),
  event: (wish) => call("POST", ofLine("/events"), wish),
  template: (id, wish) => call("PATCH", `templates/${id}`, wish),
  settings: (wish) => call("POST", inLine("settings"), wish),
  clock: (wish) => call("POST", "clock", wish),
  fault: (wish) => call("POST", "faults", wish),
  reset: () => call("POST", "reset"),
};
