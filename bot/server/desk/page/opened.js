/* The opened hand-off: head, facts and the acts that fit its state. */

import { byId, make, refill, tell } from "./dom.js";
import { link } from "./markup.js";
import { inOrder, state, waited, watch } from "./state.js";
import { showTranscript, startTranscript } from "./transcript.js";
import { holding, owed } from "./words.js";
import { named, press, verdict } from "./acts.js";

function head(row) {
  tell(byId("what"), row.line_title);
  const node = byId("state");
  tell(node, holding(row, waited(row)));
  node.className = row.mine && row.state === "human" ? "mine" : row.state;
}

function tried(detail) {
  const urls = new Map(detail.transcript.flatMap((entry) => entry.sources)
    .filter((source) => source.url).map((source) => [source.title, source.url]));
  return make("ul", null, ...detail.tried.map((title) =>
    make("li", null, urls.has(title) ? link(title, urls.get(title)) : title)));
}

const CHANNELS = { web: "web chat", sms: "SMS", whatsapp: "WhatsApp", slack: "Slack", teams: "Teams" };
const UNSAID = {
  callback: "The customer has not said yet how and when to be reached.",
  ticket: "Nobody came in time; the customer was told this number.",
};

/** Who it is, as far as that is known. */
function who({ name, channel, language, local_time: time }) {
  const there = time ? `${time} there` : null;
  return [name, CHANNELS[channel] ?? channel, language, there].filter(Boolean).join(", ");
}

function facts(detail) {
  const pressing = { urgent: "Urgent.", high: "High priority." }[detail.priority];
  const rule = detail.rule ? `Rule: ${detail.rule}.` : null;
  const fact = (title, ...what) => make("section", null, make("h3", null, title), ...what);
  return [
    fact("Why a person", make("p", null, [pressing, detail.reason_text, rule].filter(Boolean).join(" "))),
    fact("Customer", make("p", null, who(detail.customer))),
    detail.request ? fact(`Number ${detail.request.number}`,
      make("p", { class: "summary" }, detail.request.wish || UNSAID[detail.request.kind])) : null,
    detail.csat ? fact("How it was", make("p", null, `${detail.csat.score} of 5`),
      detail.csat.comment ? make("p", { class: "summary" }, detail.csat.comment) : null) : null,
    detail.summary ? fact("In short", make("p", { class: "summary" }, detail.summary),
      make("p", { class: "under" }, "The customer's own last words, not rewritten.")) : null,
    detail.tried.length ? fact("What the bot tried", tried(detail)) : null,
  ].filter(Boolean);
}

function button(act, label, kind) {
  return make("button", {
    type: "button", class: kind, "data-key": act, "data-act": act,
    "aria-disabled": state.busy !== null ? "true" : null,
  }, state.busy === act ? `${label}…` : label);
}

function actions(row) {
  const note = state.noting ? null : button("open-note", "Add internal note", "quiet");
  if (row.state === "waiting") return [button("claim", "Claim", "primary"), note];
  if (owed(row)) return [button("done", "Done", "primary"), note];
  if (row.state === "ended") {
    const next = inOrder().waiting.length;
    return next ? [button("next", `Open the next of ${next} waiting`, "primary"), note] : [note];
  }
  if (!row.mine) return [button("take-over", "Take over", "primary"), note];
  return [
    button("release", "Release", "quiet"),
    button("hand-back", "Hand back to the bot", "quiet"),
    button("resolve", "Resolve", "end"),
  ];
}

let before = null;

/** Say what somebody else did to the opened hand-off meanwhile. */
function noticed(now) {
  const was = before;
  before = now;
  if (was === null || was.id !== now.id || state.busy !== null) return;
  const holder = now.claimed_by && !now.mine && now.state === "human" ? now.claimed_by.name : null;
  if (holder && was.mine) verdict(`${holder} has taken this over from you.`, { lost: true });
  else if (holder && was.state === "waiting" && !named(holder)) verdict(`${holder} has claimed this.`, { lost: true });
}

function unopened() {
  return state.rows?.length
    ? ["Nothing opened.", "Choose a hand-off from the list."]
    : ["All quiet.", "The title of this page counts those who wait."];
}

function render() {
  const { detail, opened } = state;
  const ready = detail !== null && detail.id === opened;
  byId("nothing").hidden = ready;
  byId("something").hidden = !ready;
  document.body.classList.toggle("reading", opened !== null);
  const words = opened === null ? unopened()
    : state.missing ? ["No such hand-off.", "It is gone, or not on one of your lines."]
      : ["Looking for it…", ""];
  tell(byId("nothing-lead"), words[0]);
  tell(byId("nothing-more"), words[1]);
  if (!ready) return;
  noticed(detail);
  head(detail);
  refill(byId("facts"), facts(detail));
  refill(byId("actions"), actions(detail).filter(Boolean));
  showTranscript(detail);
}

export function startOpened() {
  startTranscript();
  watch(render);
  setInterval(render, 15_000);
  byId("actions").addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-act]");
    if (pressed && pressed.getAttribute("aria-disabled") !== "true") void press(pressed.dataset.act);
  });
}
