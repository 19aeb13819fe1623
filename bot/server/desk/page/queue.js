/* The list of hand-offs, and the count in the title. */

import { byId, make, refill, tell } from "./dom.js";
import { change, inOrder, state, waited, watch } from "./state.js";
import { lasting, moment, outcome, owed } from "./words.js";
import { read } from "./reading.js";

const slips = byId("slips");

function since(row) {
  if (row.state === "ended" || owed(row)) return make("span", { class: "since" }, make("i", null, moment(row.opened_at)));
  if (row.state !== "waiting") {
    const initial = (row.mine ? "You" : row.claimed_by?.name ?? "?").slice(0, row.mine ? 3 : 1);
    return make("span", { class: "since", "aria-hidden": "true" }, make("b", null, initial));
  }
  const { count, unit, spoken } = lasting(waited(row));
  return make("span", { class: "since" },
    make("b", { "aria-hidden": "true" }, count), make("i", { "aria-hidden": "true" }, unit),
    make("span", { class: "hidden" }, `Waiting for ${spoken}. `));
}

function slip(row) {
  const pressing = row.priority === "urgent" || row.priority === "high";
  const owner = row.state === "ended" ? outcome(row.outcome)
    : owed(row) ? owed(row) : row.mine ? "With you" : row.claimed_by ? `With ${row.claimed_by.name}` : null;
  return make("li", null, make("a", {
    class: "slip", href: `#handoff=${encodeURIComponent(row.id)}`, "data-key": row.id,
    "data-state": row.state, "aria-current": row.id === state.opened ? "true" : null,
  },
  since(row),
  make("strong", null, row.reason_text),
  make("span", { class: "summary" }, row.summary),
  make("span", { class: "tags" },
    pressing ? make("span", { class: "urgent" }, row.priority === "urgent" ? "Urgent" : "High priority") : null,
    make("span", null, row.line_title),
    owner ? make("span", { class: "owner" }, owner) : null)));
}

function group(title, rows) {
  if (!rows.length) return [];
  return [make("h3", null, title), make("ul", null, ...rows.map(slip))];
}

const EMPTY = {
  all: "All quiet. Nobody is waiting for a person.",
  mine: "You have no hand-off just now.",
  ended: "Nothing has ended yet.",
};

function shown() {
  if (state.filter === "ended") return group("Ended lately", state.ended);
  const { waiting, held, left } = inOrder();
  if (state.filter === "mine") return group("With you", held.filter((row) => row.mine));
  return [...group("Waiting for a person", waiting), ...group("Nobody came: still to do", left), ...group("With somebody", held)];
}

let known = null;

/** Tell a screen reader who has come to wait; others see the list and the title. */
function announce(waiting) {
  const fresh = known === null ? [] : waiting.filter((row) => !known.has(row.id));
  known = new Set(waiting.map((row) => row.id));
  if (fresh.length === 1) tell(byId("arrivals"), `Now waiting: ${fresh[0].line_title}. ${fresh[0].reason_text}`);
  else if (fresh.length) tell(byId("arrivals"), `${fresh.length} more are waiting.`);
}

function render() {
  if (state.rows === null) return;
  announce(inOrder().waiting);
  const groups = shown();
  refill(slips, groups.length ? groups : [make("p", { class: "still" }, EMPTY[state.filter])]);
  const count = inOrder().waiting.length;
  const title = `${count ? `(${count}) ` : ""}Careline desk`;
  if (document.title !== title) document.title = title;
  tell(byId("queue-title"), count ? `${count} waiting` : "Nobody waiting");
  tell(byId("connection"), state.connected ? "" : "Connection lost: what you see may be old. Trying again…");
  for (const button of document.querySelectorAll("[data-filter]")) {
    button.setAttribute("aria-pressed", String(button.dataset.filter === state.filter));
  }
}

export function startQueue() {
  watch(render);
  setInterval(render, 15_000); // waiting times grow
  for (const button of document.querySelectorAll("[data-filter]")) {
    button.addEventListener("click", () => {
      change({ filter: button.dataset.filter });
      void read();
    });
  }
}
