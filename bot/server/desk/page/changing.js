/* Changing what the customer has already: other words for a reply, or taking it back. */

import { Refused, SignedOut, call, enter } from "./api.js";
import { ask, verdict } from "./acts.js";
import { byId } from "./dom.js";
import { read } from "./reading.js";
import { state } from "./state.js";

const DONE = {
  changed: "Changed. The customer sees the new words.",
  corrected: "Sent as a correction: this channel cannot change what was sent.",
  taken_back: "Taken back. The customer does not see it any more.",
  unchanged: "Nothing was changed.",
};

/** New words for a reply, or null to leave it. */
function words(old) {
  const dialog = byId("edit");
  const text = byId("edit-text");
  text.value = old;
  dialog.returnValue = "no";
  dialog.showModal();
  text.focus();
  return new Promise((done) => {
    const told = () => done(dialog.returnValue === "yes" ? text.value.trim() : null);
    dialog.addEventListener("close", told, { once: true });
  });
}

async function amend(act, body) {
  const id = encodeURIComponent(state.detail.id);
  try {
    const key = crypto.getRandomValues(new Uint32Array(4)).join("-");
    const { done } = await call("POST", `handoffs/${id}/${act}`, { ...body, key });
    verdict(DONE[done]);
  } catch (error) {
    if (error instanceof SignedOut) enter();
    else if (error instanceof Refused) verdict(error.message, { lost: true });
    else throw error;
  } finally {
    void read();
  }
}

async function edit(entry) {
  const text = await words(entry.text);
  if (text === null || text === entry.text) return;
  if (text) await amend("edit", { line: entry.line, text });
  else verdict("Write something, or take the reply back.", { lost: true });
}

async function takeBack(entry) {
  const question = "The customer may have read it. They see that a message was removed; the words stay in this transcript.";
  if (await ask("Take this reply back?", question, "Take back")) await amend("delete", { line: entry.line });
}

export function startChanging() {
  byId("talk").addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-change]");
    if (!pressed || !state.detail) return;
    const entry = state.detail.transcript.find((one) => one.line === pressed.dataset.line);
    if (entry) void (pressed.dataset.change === "edit" ? edit(entry) : takeBack(entry));
  });
  byId("edit-text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) byId("edit-yes").click();
  });
}
