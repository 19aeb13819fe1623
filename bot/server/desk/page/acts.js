/* What a person does: each act is one call, and the verdict is said on the page. */

import { Refused, SignedOut, call, enter } from "./api.js";
import { byId, tell } from "./dom.js";
import { read } from "./reading.js";
import { change, inOrder, state } from "./state.js";
import { hasUnsent, openComposer } from "./composer.js";
import { toNewest } from "./transcript.js";

let said = "";

/** Whether the verdict on the page names somebody already. */
export const named = (name) => said.includes(name);

export function verdict(text, { lost = false } = {}) {
  const node = byId("verdict");
  said = text;
  node.className = lost ? "lost" : "";
  tell(node, "");
  requestAnimationFrame(() => tell(node, text)); // the same words twice are said twice
}

/** A question in a dialog; true for yes. */
export function ask(title, text, yes) {
  const dialog = byId("ask");
  tell(byId("ask-title"), title);
  tell(byId("ask-text"), text);
  tell(byId("ask-yes"), yes);
  dialog.returnValue = "no";
  dialog.showModal();
  byId("ask-no").focus();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
  });
}

const DONE = {
  claim: "It is yours. Your reply goes to the customer.",
  "take-over": "It is yours now, and the customer is told.",
  release: "Released. It is waiting for somebody else.",
  "hand-back": "Handed back. The bot answers from here.",
  resolve: "Resolved.",
  done: "Done. It is off the list.",
};

async function sure(act, row) {
  if (act === "take-over") {
    const holder = row.claimed_by?.name ?? "somebody else";
    return ask(`Take over from ${holder}?`, `${holder} has this and may be writing. They are told that you took over.`, "Take over");
  }
  if (hasUnsent(row.id) && act !== "claim") {
    return ask("Your reply is not sent", "What you have written stays here, but the customer does not get it.", "Go on without it");
  }
  return true;
}

function lost(act, error) {
  if (error.code === "taken" && error.holder) return `${error.holder} was quicker and has it now.`;
  return error.message;
}

async function carryOut(act, row) {
  change({ busy: act });
  try {
    const now = await call("POST", `handoffs/${encodeURIComponent(row.id)}/${act}`);
    if (state.detail?.id === row.id) change({ detail: { ...state.detail, ...now }, noting: false });
    verdict(DONE[act]);
    return true;
  } catch (error) {
    if (error instanceof SignedOut) enter();
    else if (error instanceof Refused) verdict(lost(act, error), { lost: true });
    else throw error;
    return false;
  } finally {
    change({ busy: null });
    void read();
  }
}

/** Do what a button or a key stands for. */
export async function press(act) {
  const row = state.detail;
  if (state.busy !== null || !row) return;
  if (act === "open-note") return openComposer("note");
  if (act === "next") {
    const next = inOrder().waiting[0];
    if (next) location.hash = `#handoff=${encodeURIComponent(next.id)}`;
    return;
  }
  if (!(await sure(act, row))) return;
  const done = await carryOut(act, row);
  if (!done || (act !== "claim" && act !== "take-over")) return;
  openComposer("reply");
  toNewest();
}
