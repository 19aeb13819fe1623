// The chat page: joins the log, the outbox and the stream to what the customer does.

import { Files } from "./files.js";
import { Log } from "./log.js";
import { Outbox } from "./outbox.js";
import { Stream } from "./stream.js";
import { Typing } from "./typing.js";
import { Visitor } from "./visitor.js";
import * as keep from "./keep.js";

const { line, embed } = document.documentElement.dataset;
const LONGEST = 4000;
const LAST_CHARACTERS = 300;
const PATIENCE = 1500; // a short break is not worth a word
const TITLE = document.title;
const DRAFT = `careline:${line}:typed`;

const [text, composer, person, banner, left, close] = [
  "text", "composer", "person", "banner", "room-left", "close",
].map((id) => document.getElementById(id));

let stream = null;
let following = null;
let replaying = false;
let lost = 0;
let unseen = 0;

const log = new Log({ press, edit, drop: (item) => outbox.drop(item), save: (file) => files.save(file) });
const typing = new Typing();
const visitor = new Visitor(line, follow);
const files = new Files(visitor);
const outbox = new Outbox(line, visitor, {
  changed: () => log.showPending(outbox.items),
  up: connected,
  down: disconnected,
});

// --- what comes in ---------------------------------------------------------------------------

function follow(token) {
  if (token === following) return;
  stream?.end();
  following = token;
  stream = null;
  log.clear();
  if (!token) return outbox.hurry();
  replay(true);
  stream = new Stream(token, {
    event: arrived,
    up: connected,
    down: disconnected,
    unknown: () => visitor.renew(token),
  });
}

function arrived(kind, data) {
  if (kind === "ready") replay(false);
  else if (kind === "progress" && data.state === "typing") log.personTypes(data.name);
  else if (kind === "progress") log.thinking(data.state === "thinking");
  else if (kind === "draft") log.grow(data);
  else if (kind === "draft_end") log.draftEnds(data);
  else if (kind === "message") said(data);
}

function said(message) {
  log.show(message);
  typing.heard(message);
  if (message.author === "customer") outbox.arrived(message.key);
  else if (!replaying && !message.replaces) unread();
}

function replay(yes) {
  replaying = yes;
  log.replaying(yes);
}

// --- what goes out ---------------------------------------------------------------------------

function say(message) {
  log.toEnd();
  outbox.add(message);
  stream?.nudge();
}

function send() {
  const words = text.value.trim();
  if (!words || [...words].length > LONGEST) return text.focus();
  text.value = "";
  typed();
  say({ text: words });
}

function press({ label, value }, event) {
  say({ pressed: value, label });
  for (const one of event.currentTarget.parentElement.children) one.disabled = true;
  event.currentTarget.setAttribute("aria-pressed", "true");
  // A disabled button loses the keyboard; a finger does not want the on-screen one to open.
  if (event.detail === 0) text.focus();
}

function edit(item) {
  outbox.drop(item);
  text.value = [item.text, text.value].filter(Boolean).join("\n");
  typed();
  text.focus();
}

function typed() {
  keep.set(DRAFT, text.value);
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 2}px`;
  const room = LONGEST - [...text.value.trim()].length;
  const words = room < 0 ? `${-room} characters too many` : `${room} characters left`;
  left.textContent = room < LAST_CHARACTERS ? words : "";
  left.classList.toggle("over", room < 0);
  text.setAttribute("aria-invalid", String(room < 0));
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
text.addEventListener("input", () => {
  typed();
  if (text.value.trim()) typing.typed(visitor.known());
});
text.addEventListener("keydown", (event) => {
  // While an input method is composing, Enter picks a word.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
person.addEventListener("click", () => {
  if (outbox.items.some((item) => item.pressed === "person" && item.state === "waiting")) return;
  say({ pressed: "person", label: person.textContent });
});

// --- connection ------------------------------------------------------------------------------

function connected() {
  clearTimeout(lost);
  lost = 0;
  banner.textContent = "";
}

function disconnected() {
  lost ||= setTimeout(() => (banner.textContent = "Connection lost, trying again…"), PATIENCE);
}

function awake() {
  if (document.hidden) return;
  seen();
  stream?.nudge();
  outbox.hurry();
}

document.addEventListener("visibilitychange", awake);
window.addEventListener("focus", awake);
window.addEventListener("online", awake);
window.addEventListener("pageshow", awake);

// --- being looked at ---------------------------------------------------------------------------

function unread() {
  if (!document.hidden && (embed === "no" || document.hasFocus())) return;
  unseen += 1;
  document.title = `(${unseen}) ${TITLE}`;
  tell("unread");
}

function seen() {
  unseen = 0;
  document.title = TITLE;
}

// The embedding page learns that there is something new, and never what.
function tell(what) {
  if (embed === "yes") window.parent.postMessage({ careline: what }, "*");
}

// Opened by the host page's button; but no on-screen keyboard unasked.
function readyToType() {
  const keyboard = window.matchMedia("(hover: hover)").matches;
  if (keyboard && document.activeElement === document.body) text.focus();
}

if (embed === "yes") {
  close.hidden = false;
  window.addEventListener("focus", readyToType);
  if (document.hasFocus()) readyToType();
  close.addEventListener("click", () => tell("close"));
  document.addEventListener("keydown", (event) => event.key === "Escape" && tell("close"));
}

// Some phones lay the keyboard over the page instead of shrinking it.
window.visualViewport?.addEventListener("resize", ({ target }) => {
  if (target.scale === 1) document.body.style.height = `${target.height}px`;
});

text.value = keep.get(DRAFT) ?? "";
typed();
log.showPending(outbox.items);
follow(visitor.known());
outbox.drain();
