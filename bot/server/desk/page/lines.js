/* Switching lines, for operators. */

import { Refused, SignedOut, call, enter } from "./api.js";
import { byId, make, refill, tell } from "./dom.js";

const MODES = { off: "Off", shadow: "Shadow", share: "Share", on: "On" };
let lines = [];

function one(line) {
  const differs = line.mode !== line.configured;
  return make("fieldset", { class: "line" },
    make("legend", null, line.title,
      differs ? make("small", null, ` · settings say ${MODES[line.configured].toLowerCase()}`) : null),
    make("div", null, ...Object.entries(MODES).map(([mode, label]) => make("button", {
      type: "button", "data-key": `${line.name}/${mode}`, "data-line": line.name, "data-mode": mode,
      "aria-pressed": String(line.mode === mode),
    }, label))));
}

const render = () => refill(byId("line-list"), lines.map(one));

async function guarded(work) {
  try {
    await work();
  } catch (error) {
    if (error instanceof SignedOut) enter();
    else if (error instanceof Refused) tell(byId("lines-verdict"), error.message);
    else throw error;
  }
}

async function show() {
  tell(byId("lines-verdict"), "");
  ({ lines } = await call("GET", "lines"));
  render();
  if (!byId("lines").open) byId("lines").showModal();
}

async function switchTo(name, mode) {
  const now = await call("POST", `lines/${encodeURIComponent(name)}`, { mode });
  lines = lines.map((line) => (line.name === name ? now : line));
  render();
  tell(byId("lines-verdict"), `${now.title} is ${MODES[now.mode].toLowerCase()} now.`);
}

export function startLines(me) {
  byId("show-lines").hidden = !me.rights.includes("operate");
  byId("show-lines").addEventListener("click", () => void guarded(show));
  byId("line-list").addEventListener("click", (event) => {
    const button = event.target.closest("[data-mode]");
    if (button) void guarded(() => switchTo(button.dataset.line, button.dataset.mode));
  });
}
