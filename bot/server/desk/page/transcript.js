/* What was said, line by line. */

import { byId, make } from "./dom.js";
import { blocks, link } from "./markup.js";
import { moment } from "./words.js";

const NEAR = 120; // pixels from the end that still count as reading along
const talk = byId("talk");
const body = byId("body");
let shown = { id: null, nodes: new Map() };

const WHO = { customer: "Customer", bot: "Bot", staff: "Staff", system: "Careline" };

/** A file: ours is fetched from here and saved, with a small picture of it where it is one. */
function file(one) {
  if (!one.url?.startsWith("/desk/api/")) return make("p", null, "File: ", one.url ? link(one.name, one.url) : one.name);
  const size = one.size ? ` (${Math.max(1, Math.round(one.size / 1024))} KB)` : "";
  const picture = one.shown ? make("img", { src: one.url, alt: "", class: "thumb", loading: "lazy" }) : null;
  return make("p", { class: "file" },
    make("a", { href: one.url, download: one.name }, picture, `Download ${one.name}${size}`));
}

function words(entry) {
  // A customer's Markdown could dress up one address as another: their words stay as typed.
  const text = entry.author === "customer"
    ? [make("p", { class: "plain" }, entry.text)]
    : blocks(entry.text);
  const files = (entry.media ?? []).map(file);
  const sources = entry.sources.length
    ? [make("p", { class: "under" }, "Source: ", ...entry.sources.flatMap((source, i) =>
      [i ? ", " : null, source.url ? link(source.title, source.url) : source.title]))]
    : [];
  const offered = entry.choices.length
    ? [make("ul", { class: "offered", "aria-label": "Offered" },
      ...entry.choices.map((label) => make("li", null, label)))]
    : [];
  return make("div", { class: "words" }, ...(entry.text ? text : []), ...files, ...offered, ...sources);
}

function by(entry) {
  const name = entry.name ?? WHO[entry.author];
  const who = entry.kind === "note" ? `Internal note by ${name}` : name;
  return make("p", { class: "by" }, make("b", null, who),
    make("time", { datetime: entry.at }, moment(entry.at)),
    entry.kind === "note" ? make("span", null, "The customer does not see this.") : null,
    entry.changed ? make("span", null, CHANGED[entry.changed]) : null,
    entry.decision ? make("span", null, `Bot’s move: ${entry.decision.replaceAll("_", " ")}`) : null);
}

const MARKS = { delivered: "✓", on_its_way: "…", failed: "!" };

/** How far a reply has come. Not read out by itself: of a failure, a line of its own tells. */
function delivery(entry) {
  const how = entry.delivery;
  if (!how) return null;
  return make("p", { class: `delivery ${how.state}`, "aria-live": "off" },
    make("span", { "aria-hidden": "true" }, MARKS[how.state]), " ",
    [how.text, how.remedy].filter(Boolean).join(" "));
}

/** Put a line in the place of what it was; where only its delivery moved, nothing is read again. */
function renew(known, node) {
  for (const part of [".delivery", ".changing"]) {
    const [was, now] = [known, node].map((one) => one.querySelector(part));
    if (was && now) {
      if (!was.isEqualNode(now)) was.replaceWith(now.cloneNode(true));
    } else if (was) was.remove();
    else if (now) known.append(now.cloneNode(true));
  }
  if (known.isEqualNode(node)) return known;
  known.replaceWith(node);
  return node;
}

const CHANGED = {
  edited: "Edited.",
  deleted: "Taken back: not shown in the chat any more.",
};

/** The buttons under one's own reply, for as long as one has the hand-off. */
function changing(entry, detail) {
  if (!entry.line || entry.changed === "deleted" || !detail.mine || detail.state !== "human") return null;
  const about = entry.text.length > 40 ? `${entry.text.slice(0, 40)}…` : entry.text;
  const button = (act, label) => make("button", {
    type: "button", class: "small", "data-change": act, "data-line": entry.line, "aria-label": `${label}: ${about}`,
  }, label);
  return make("div", { class: "changing" }, entry.media.length ? null : button("edit", "Edit"), button("delete", "Take back"));
}

function line(entry, detail) {
  if (entry.kind === "marker") {
    return make("p", { class: "entry marker" },
      make("span", null, entry.text || "Here a new stretch begins.", " ", make("time", { datetime: entry.at }, moment(entry.at))));
  }
  const side = entry.kind === "note" ? "note" : entry.author;
  const removed = entry.changed === "deleted" ? " removed" : "";
  return make("article", { class: `entry ${side}${removed}` },
    ...[by(entry), words(entry), delivery(entry), changing(entry, detail)].filter(Boolean));
}

/** Show entries; those shown already stay, so that only new ones are read out. */
export function showTranscript(detail) {
  if (shown.id !== detail.id) {
    shown = { id: detail.id, nodes: new Map() };
    talk.setAttribute("aria-live", "off"); // what was said before is not news
    setTimeout(() => talk.removeAttribute("aria-live"), 1000);
    talk.replaceChildren();
    byId("below").hidden = true;
    body.scrollTop = 0;
  }
  const near = atEnd();
  const first = shown.nodes.size === 0;
  let fresh = false;
  for (const entry of detail.transcript) {
    const node = line(entry, detail);
    const known = shown.nodes.get(entry.seq);
    if (known?.isEqualNode(node)) continue;
    if (!known) talk.append(node);
    fresh ||= !known;
    shown.nodes.set(entry.seq, known ? renew(known, node) : node);
  }
  if (first ? detail.mine : near) toNewest();
  else if (fresh) byId("below").hidden = first;
}

/** Whether the end is in sight. */
export const atEnd = () => body.scrollHeight - body.scrollTop - body.clientHeight < NEAR;

/** Show what was said last. */
export function toNewest() {
  body.scrollTop = body.scrollHeight;
  byId("below").hidden = true;
}

export function startTranscript() {
  byId("below").addEventListener("click", () => {
    toNewest();
    body.focus({ preventScroll: true });
  });
  body.addEventListener("scroll", () => {
    if (body.scrollHeight - body.scrollTop - body.clientHeight < NEAR) byId("below").hidden = true;
  });
}
