/* Reads what the desk shows, and reads again whenever the server says that something changed. */

import { Refused, SignedOut, call, enter } from "./api.js";
import { change, state } from "./state.js";
import { customerTypes } from "./typing.js";

const RETRY = 3_000;
const WITHOUT_STREAM = 15_000;
const LONGEST_SILENCE = 60_000;

let running = null;
let again = false;
let source = null;
let parted = false; // too many pages: another one has the stream

/** Read list and opened hand-off; a call while reading makes one more reading follow. */
export function read() {
  again = true;
  running ??= readWhileAsked().finally(() => { running = null; });
  return running;
}

async function readWhileAsked() {
  while (again) {
    again = false;
    try {
      await readOnce();
    } catch (error) {
      if (error instanceof SignedOut) return enter();
      if (!(error instanceof Refused)) throw error;
      change({ connected: false });
      setTimeout(read, RETRY);
    }
  }
  return undefined;
}

async function readOnce() {
  const opened = state.opened;
  const [list, ended, detail] = await Promise.all([
    call("GET", "handoffs"),
    state.filter === "ended" ? call("GET", "handoffs?ended=1") : null,
    opened ? call("GET", `handoffs/${encodeURIComponent(opened)}`).catch(gone) : null,
  ]);
  const patch = { rows: list.handoffs, readAt: performance.now() };
  if (ended) patch.ended = ended.handoffs;
  if (opened === state.opened) Object.assign(patch, { detail, missing: detail === null });
  else again = true;
  if (source === null || source.readyState === EventSource.OPEN || parted) patch.connected = true;
  change(patch);
}

function gone(error) {
  if (error.status === 404) return null;
  throw error;
}

/** Keep the stream open. A browser gives up on a refused stream, so this does not. */
function listen() {
  source?.close();
  parted = false;
  source = new EventSource("/desk/api/stream");
  source.addEventListener("open", () => change({ connected: true }));
  source.addEventListener("changed", () => void read());
  source.addEventListener("typing", (event) => customerTypes(JSON.parse(event.data).handoff));
  source.addEventListener("elsewhere", () => {
    parted = true;
    source.close();
  });
  source.addEventListener("error", () => {
    if (parted) return;
    change({ connected: false });
    if (source.readyState === EventSource.CLOSED) setTimeout(comeBack, RETRY);
  });
}

function comeBack() {
  if (source === null || source.readyState === EventSource.CLOSED) listen();
  void read();
}

export function keepFresh() {
  listen();
  setInterval(() => { if (parted) void read(); }, WITHOUT_STREAM);
  setInterval(() => void read(), LONGEST_SILENCE);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) comeBack(); });
  addEventListener("online", () => { listen(); void read(); });
  addEventListener("pageshow", (event) => { if (event.persisted) comeBack(); });
}
