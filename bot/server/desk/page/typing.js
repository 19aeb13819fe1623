/* Who types: the customer, as the stream says; and this person, as the server is told. Nothing is kept. */

import { call } from "./api.js";
import { byId, tell } from "./dom.js";
import { state, watch } from "./state.js";
import { atEnd, toNewest } from "./transcript.js";

const EVERY = 3_000;
const STAYS = 7_000; // longer than the next word of it takes
let shown = { id: null, heard: 0, timer: 0 };
let told = { id: null, at: -EVERY };

const heardFrom = (detail) => detail?.transcript.findLast((entry) => entry.author === "customer")?.seq ?? 0;

function forget() {
  clearTimeout(shown.timer);
  shown = { id: null, heard: 0, timer: 0 };
  tell(byId("typing"), "");
}

/** The stream says so; it is shown for some seconds, to whoever has opened the hand-off. */
export function customerTypes(id) {
  if (id !== state.opened || id !== state.detail?.id) return;
  clearTimeout(shown.timer);
  shown = { id, heard: heardFrom(state.detail), timer: setTimeout(forget, STAYS) };
  const near = atEnd();
  tell(byId("typing"), "The customer is typing");
  if (near) toNewest(); // the line takes room from the transcript
}

/** A key was pressed in a reply: the customer is shown it, and told again only while it goes on. */
export function iType(id) {
  const now = performance.now();
  if (told.id === id && now - told.at < EVERY) return;
  told = { id, at: now };
  call("POST", `handoffs/${encodeURIComponent(id)}/typing`).catch(() => {}); // it would only have passed
}

export function startTyping() {
  watch(() => {
    if (shown.id === null) return;
    if (shown.id !== state.opened || heardFrom(state.detail) !== shown.heard) forget();
  });
}
