/* Puts the desk together. */

import { SignedOut, call, enter } from "./api.js";
import { verdict } from "./acts.js";
import { startAssist } from "./assist.js";
import { forgetDrafts, startComposer } from "./composer.js";
import { byId, tell } from "./dom.js";
import { startGaps } from "./gaps.js";
import { startKeys } from "./keys.js";
import { startLines } from "./lines.js";
import { startOpened } from "./opened.js";
import { startQueue } from "./queue.js";
import { keepFresh, read } from "./reading.js";
import { change, inOrder, state } from "./state.js";
import { startChanging } from "./changing.js";
import { startFiles } from "./files.js";
import { startTyping } from "./typing.js";

const WIDE = matchMedia("(min-width: 52.01rem)");

/** What the address asks for: a hand-off's id, null for the list, undefined for neither. */
function asked() {
  const found = /^#handoff=(.+)$/.exec(location.hash);
  if (found) return decodeURIComponent(found[1]);
  return location.hash === "#queue" || location.hash === "" ? null : undefined;
}

async function follow() {
  const id = asked();
  if (id === undefined || id === state.opened) return;
  const came = state.opened;
  verdict("");
  change({ opened: id, detail: null, noting: false });
  await read();
  if (id !== null) byId("what").focus({ preventScroll: true });
  else if (came) document.querySelector(`[data-key="${CSS.escape(came)}"]`)?.focus();
}

/** At the start, open what the person is most likely here for. */
function openFirst() {
  const { waiting, held } = inOrder();
  const mine = held.filter((row) => row.mine);
  const first = mine[0] ?? waiting[0];
  const only = mine.length + waiting.length === 1;
  if (first && (WIDE.matches || only)) location.replace(`#handoff=${encodeURIComponent(first.id)}`);
}

async function signOut() {
  forgetDrafts();
  await call("DELETE", "session").catch(() => {});
  location.replace("/desk");
}

async function start() {
  history.replaceState(null, "", `/desk${location.hash}`);
  const me = await call("GET", "session");
  tell(byId("me"), me.name);
  change({ me, opened: asked() ?? null });
  startQueue();
  startComposer(); // before the transcript, which scrolls in the room that is left
  startOpened();
  startLines(me);
  startGaps(me);
  startChanging();
  startFiles();
  startTyping();
  startAssist();
  startKeys();
  byId("sign-out").addEventListener("click", () => void signOut());
  addEventListener("hashchange", () => void follow());
  await read();
  if (state.opened === null) openFirst();
  keepFresh();
}

start().catch((error) => {
  if (error instanceof SignedOut) enter();
  else tell(byId("connection"), `${error.message} Load the page again.`);
});
