/* Single keys for claim, reply and note. They can be switched off (WCAG 2.1.4). */

import { byId } from "./dom.js";
import { openComposer } from "./composer.js";
import { press } from "./acts.js";
import { inOrder, state } from "./state.js";

const STORED = "careline-keys";
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

function claim() {
  if (state.detail?.state === "waiting" && state.detail.id === state.opened) return press("claim");
  const next = inOrder().waiting[0]; // nothing is claimed unseen: the first press opens it
  if (next) location.hash = `#handoff=${encodeURIComponent(next.id)}`;
  return undefined;
}

const KEYS = { c: claim, r: () => openComposer("reply"), n: () => openComposer("note") };

export function startKeys() {
  const box = byId("keys-on");
  box.checked = localStorage.getItem(STORED) !== "off";
  box.addEventListener("change", () => localStorage.setItem(STORED, box.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    const act = KEYS[event.key.toLowerCase()];
    const held = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.repeat;
    if (!act || !box.checked || held) return;
    if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    void act();
  });
}
