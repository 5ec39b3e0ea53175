// The control API in a few words. Errors carry the server's own sentence.

import { state } from "./state.js";

export class Refused extends Error {}

async function call(method, path, body) {
  let answer;
  try {
    answer = await fetch(`/control/${path}`, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refused("Peraga tidak menjawab. Pastikan programnya masih berjalan.");
  }
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(content.error?.message ?? "Peraga menolak permintaan ini.");
  return content;
}

const inLine = (path) => path + (path.includes("?") ? "&" : "?") + "line=" + encodeURIComponent(state.line);

export const api = {
  state: () => call("GET", "state?log=150"),
  chat: (id, before) => call("GET", inLine(`citizens/${id}/chat?limit=60${before ? `&before=${before}` : ""}`)),
  add: (wish) => call("POST", "citizens", wish),
  change: (id, wish) => call("PATCH", `citizens/${id}`, wish),
  remove: (id) => call("DELETE", `citizens/${id}`),
  write: (id, message) => call("POST", inLine(`citizens/${id}/messages`), message),
  read: (id, wamid) => call("POST", inLine(`citizens/${id}/read`), { wamid }),
  clock: (wish) => call("POST", "clock", wish),
  fault: (wish) => call("POST", "faults", wish),
  reset: () => call("POST", "reset"),
};
