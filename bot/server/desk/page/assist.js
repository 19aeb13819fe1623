/* What helps the claimer: a suggested reply and hints. Nothing of it is sent unless they press. */

import { Refused, SignedOut, call, enter } from "./api.js";
import { verdict } from "./acts.js";
import { writeReply } from "./composer.js";
import { byId, make, refill, tell } from "./dom.js";
import { blocks, link } from "./markup.js";
import { read } from "./reading.js";
import { change, state, watch } from "./state.js";

const panel = byId("assist");
const WIDE = matchMedia("(min-width: 76rem)");
let spoken = null;

function button(act, label) {
  return make("button", { type: "button", class: "small", "data-key": `assist-${act}`, "data-assist": act }, label);
}

function suggested({ text, title, url, called, sendable }) {
  return [
    make("h3", null, called),
    make("div", { class: "changing" },
      sendable ? button("send", "Send this") : null,
      sendable ? button("edit", "Edit first") : null,
      button("dismiss", "Dismiss")),
    make("div", { class: "words" }, ...blocks(text)),
    make("p", { class: "under" }, "From ", url ? link(title, url) : title),
  ];
}

function render() {
  const found = state.detail?.id === state.opened ? state.detail?.assist : null;
  panel.hidden = !found;
  byId("assist-on").checked = state.me?.assist ?? true;
  if (!found) return refill(panel, []);
  refill(panel, [
    found.hints.length ? make("ul", { class: "hints" }, ...found.hints.map((hint) => make("li", null, hint))) : null,
    ...(found.suggestion ? suggested(found.suggestion) : []),
  ].filter(Boolean));
  const said = found.suggestion ? `${found.suggestion.called}: ${found.suggestion.title}` : found.hints.join(" ");
  if (spoken !== found.id) tell(byId("assist-told"), said);
  spoken = found.id;
  return undefined;
}

/** Ask the server; what it refuses is shown, and everything is read again. Whether it was done. */
async function ask(path, body, done) {
  if (state.busy !== null) return false;
  change({ busy: "assist" });
  try {
    await call("POST", path, body);
    verdict(done);
    return true;
  } catch (error) {
    if (error instanceof SignedOut) enter();
    else if (error instanceof Refused) verdict(error.message, { lost: true });
    else throw error;
    return false;
  } finally {
    change({ busy: null });
    void read();
  }
}

function act(name) {
  const row = state.detail;
  const found = row?.assist;
  if (!found) return;
  const at = `handoffs/${encodeURIComponent(row.id)}`;
  if (name === "send") void ask(`${at}/reply`, { text: found.suggestion.text, key: `assist-${found.id}` }, "Sent to the customer.");
  if (name === "edit") writeReply(found.suggestion.text);
  if (name === "dismiss") void ask(`${at}/assist/dismiss`, { id: found.id }, "");
}

async function toggle(on) {
  change({ me: { ...state.me, assist: on } });
  const done = await ask("session/assist", { on }, on ? "Suggestions are on." : "Suggestions are off for you.");
  if (!done) change({ me: { ...state.me, assist: !on } });
}

/** Beside the talk where there is room, else where the reply is written: the talk stays in sight. */
function settle() {
  byId(WIDE.matches ? "side" : "near-reply").prepend(panel);
}

export function startAssist() {
  settle();
  WIDE.addEventListener("change", settle);
  watch(render);
  panel.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-assist]");
    if (pressed) act(pressed.dataset.assist);
  });
  byId("assist-on").addEventListener("change", (event) => void toggle(event.target.checked));
}
