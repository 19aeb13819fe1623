/* What the desk knows, in one place; parts of the page are told when it changes. */

export const state = {
  me: null,
  rows: null, // open hand-offs, or null before the first reading
  ended: [],
  readAt: 0, // performance.now() of the reading, to count seconds on from
  filter: "all",
  opened: null, // a hand-off's id
  detail: null,
  missing: false, // looked for, and not there
  connected: true,
  busy: null, // the act under way
  noting: false, // the composer is open for a note on what is not ours
};

const watchers = [];

export function watch(watcher) {
  watchers.push(watcher);
}

export function change(patch) {
  Object.assign(state, patch);
  for (const watcher of watchers) watcher(state);
}

/** Seconds of waiting by now: the server's count, and what has passed since it was read. */
export function waited(row) {
  const since = row.state === "waiting" ? (performance.now() - state.readAt) / 1000 : 0;
  return row.waiting_seconds + since;
}

/** Open hand-offs in the order of the list: waiting first, the longest on top; `left` is what nobody came for. */
export function inOrder() {
  const rank = { urgent: 0, high: 1, normal: 2, low: 3 };
  const waiting = (state.rows ?? []).filter((row) => row.state === "waiting");
  const held = (state.rows ?? []).filter((row) => row.state === "human");
  const left = (state.rows ?? []).filter((row) => row.state !== "waiting" && row.state !== "human");
  waiting.sort((a, b) => (rank[a.priority] ?? 2) - (rank[b.priority] ?? 2)
    || b.waiting_seconds - a.waiting_seconds);
  held.sort((a, b) => Number(b.mine) - Number(a.mine));
  return { waiting, held, left };
}
