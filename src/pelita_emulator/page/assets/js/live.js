// The event stream: keeps `state` fresh and tells the rest of the page.

import { keepCitizen, now, state, tell } from "./state.js";

const KEPT = 300;

const HANDLERS = {
  message: (event) => tell("message", event),
  citizen: ({ citizen }) => { keepCitizen(citizen); tell("citizen", citizen.id); },
  gone: ({ citizen }) => { state.citizens.delete(citizen); tell("gone", citizen); },
  log: ({ entry }) => { state.log = [...state.log.slice(-KEPT), entry]; tell("log"); },
  faults: ({ faults, settings }) => { Object.assign(state, { faults, settings }); tell("faults"); },
  lines: ({ lines }) => { state.lines = lines; tell("lines"); },
  templates: ({ templates }) => { state.templates = templates; tell("templates"); },
  clock: (event) => { state.skew = Date.parse(event.now) - Date.now(); tell("second"); },
  statuses: ({ line }) => { if (line === null || line === state.line) tell("statuses"); },
  share: ({ line, waiting }) => { if (line === state.line) tell("share", waiting); },
  reset: () => { state.citizens.clear(); state.log = []; state.templates = []; tell("reset"); },
  typing: ({ citizen, line, seconds }) => {
    const found = state.citizens.get(citizen);
    if (found && line === state.line) found.typingUntil = now() + seconds * 1000;
    tell("second");
  },
};

/** `reload()` reads everything anew: at the start, after a gap, and when events were too many. */
export function startLive(reload) {
  const source = new EventSource("/control/live");
  source.addEventListener("hello", reload);
  source.addEventListener("message", (message) => {
    const event = JSON.parse(message.data);
    if (event.kind === "refresh") reload();
    else HANDLERS[event.kind]?.(event);
  });
  source.addEventListener("error", () => {
    if (state.connected) { state.connected = false; tell("log"); }
    // A browser gives up after some refusals; a person who restarts the program should not have to reload.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => startLive(reload), 1500);
  });
}
