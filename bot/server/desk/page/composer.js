/* Where words are written: to the customer, or for colleagues only. Never the one for the other. */

import { Refused, SignedOut, call, enter } from "./api.js";
import { byId, tell } from "./dom.js";
import { read } from "./reading.js";
import { change, state, watch } from "./state.js";
import { iType } from "./typing.js";
import { verdict } from "./acts.js";

const form = byId("composer");
const text = byId("text");
let mode = "note";
let showing = null; // whose draft the field holds
let attempt = { of: null, key: null };

// Reply and note are kept apart, so that words written for colleagues never turn into a reply.
// Session storage: they outlive a re-reading and a new sign-in, and end with the tab.
const place = (id, kind) => `careline-draft:${state.me?.id}:${kind}:${id}`;
const draft = (id, kind) => sessionStorage.getItem(place(id, kind)) ?? "";

function keep(id, kind, words) {
  if (words) sessionStorage.setItem(place(id, kind), words);
  else sessionStorage.removeItem(place(id, kind));
}

export const hasUnsent = (id) => draft(id, "reply").trim() !== "";

export function forgetDrafts() {
  sessionStorage.clear();
}

/** A reply that starts with // is a note as well. */
const meant = () => (mode === "note" || text.value.trimStart().startsWith("//") ? "note" : "reply");
const mayReply = (row) => row.mine && row.state === "human";

function show() {
  const row = state.detail;
  if (!row || row.id !== state.opened) return;
  if (showing?.id !== row.id) {
    mode = mayReply(row) ? "reply" : "note";
    showing = null;
  }
  if (form.hidden && mayReply(row) && !draft(row.id, "note")) mode = "reply"; // claimed meanwhile
  if (showing === null || showing.kind !== mode) {
    showing = { id: row.id, kind: mode };
    text.value = draft(row.id, mode);
  }
  form.hidden = !(mayReply(row) || state.noting || text.value !== "" || form.contains(document.activeElement));
  label(row);
}

function label(row) {
  const kind = meant();
  form.classList.toggle("note", kind === "note");
  for (const radio of form.elements.mode) radio.checked = radio.value === mode;
  const stuck = kind === "reply" && !mayReply(row);
  tell(byId("text-label"), kind === "note" ? "Internal note" : "Reply to the customer");
  tell(byId("hint"), stuck ? cannot(row)
    : kind === "note" ? "Only colleagues see this." : "The customer reads this. Start with // for a note.");
  const sending = state.busy === "send";
  tell(byId("send"), sending ? "Sending…" : kind === "note" ? "Save note" : "Send to customer");
  if (stuck || sending) byId("send").setAttribute("aria-disabled", "true");
  else byId("send").removeAttribute("aria-disabled");
}

function cannot(row) {
  if (row.state === "ended") return "This has ended: a reply no longer reaches the customer.";
  return row.claimed_by ? `${row.claimed_by.name} has this. Take it over to reply.` : "Claim it to reply.";
}

/** Open the composer for a reply or a note, and go there. */
export function openComposer(kind) {
  const row = state.detail;
  if (!row) return;
  if (kind === "reply" && !mayReply(row)) return verdict(cannot(row), { lost: true });
  mode = kind;
  change({ noting: true });
  text.focus();
}

/** Put words into the reply, before what was begun; they are sent by the person alone. */
export function writeReply(words) {
  const row = state.detail;
  if (!row || !mayReply(row)) return;
  const begun = draft(row.id, "reply").trim();
  keep(row.id, "reply", begun ? `${words}\n\n${begun}` : words);
  showing = null;
  openComposer("reply");
}

function keyFor(words) {
  if (attempt.of !== words) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    attempt = { of: words, key: [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("") };
  }
  return attempt.key; // the same words tried again are the same message
}

async function send() {
  const row = state.detail;
  const kind = meant();
  const written = mode;
  const words = text.value.trim();
  if (!row || state.busy !== null || (kind === "reply" && !mayReply(row))) return;
  if (!words.replace(/^\/\//, "").trim()) return verdict("Write something first.", { lost: true });
  change({ busy: "send" });
  try {
    const id = encodeURIComponent(row.id);
    const told = await call("POST", `handoffs/${id}/${kind}`, { text: words, key: keyFor(`${row.id}/${kind}/${words}`) });
    if (draft(row.id, written).trim() === words) keep(row.id, written, "");
    showing = null;
    attempt = { of: null, key: null };
    verdict(told.kind === "note" ? "Kept as a note. The customer does not see it." : "Sent to the customer.");
  } catch (error) {
    if (error instanceof SignedOut) enter();
    else if (error instanceof Refused) verdict(error.message, { lost: true });
    else throw error;
  } finally {
    change({ busy: null });
    void read();
  }
}

export function startComposer() {
  watch(show);
  text.addEventListener("input", () => {
    if (!showing) return;
    keep(showing.id, showing.kind, text.value);
    if (!state.detail) return;
    label(state.detail);
    if (meant() === "reply" && mayReply(state.detail) && text.value.trim()) iType(state.detail.id);
  });
  form.addEventListener("change", (event) => {
    if (event.target.name !== "mode") return;
    mode = event.target.value;
    show();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
  });
}
