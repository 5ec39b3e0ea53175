// What the page knows. Everything is read anew after each connection; events keep it fresh in between.

export const state = {
  citizens: new Map(),
  lines: [],
  templates: [],
  line: "",
  chosen: [], // ids of citizens, in the order of their phones
  faults: [],
  settings: {},
  log: [],
  skew: 0, // emulator time minus the browser's, in milliseconds
  connected: false,
};

const listeners = new Map();

export function on(kind, listener) {
  const all = listeners.get(kind) ?? [];
  listeners.set(kind, [...all, listener]);
}

export function tell(kind, detail) {
  for (const listener of listeners.get(kind) ?? []) listener(detail);
}

export const now = () => Date.now() + state.skew;
export const office = () => state.lines.find((line) => line.phone_number_id === state.line) ?? state.lines[0];

export function windowLeft(citizen) {
  const end = citizen.windowEnds?.[state.line] ?? 0;
  return Math.max(0, Math.round((end - now()) / 1000));
}

/** Windows arrive as seconds left; kept as an end so that they run down by themselves. */
export function keepCitizen(citizen) {
  const ends = {};
  for (const [line, left] of Object.entries(citizen.windows)) ends[line] = left ? now() + left * 1000 : 0;
  const typingUntil = citizen.typing.includes(state.line) ? now() + 25000 : 0;
  state.citizens.set(citizen.id, { ...citizen, windowEnds: ends, typingUntil });
}
