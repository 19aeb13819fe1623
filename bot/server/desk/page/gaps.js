/* What the bot did not know: reading proposals and deciding on them, for operators. */

import { Refused, SignedOut, call, enter } from "./api.js";
import { byId, make, refill, tell } from "./dom.js";
import { moment } from "./words.js";

const STATES = { approved: "Approved", rejected: "Rejected", undone: "Taken out" };
const LOOK_MS = 1000;
let gaps = [];
let shown = "open";
let looking = null;

const isOpen = (gap) => gap.state === "open";
const field = (gap, name) => `gap-${gap.id}-${name}`;

/** Where it comes from, as a short sentence. */
function origin(gap) {
  const line = `${gap.line_title}, ${moment(gap.proposed_at)}`;
  if (gap.told_by) return `${line}. ${gap.told_by} answered it in a conversation.`;
  return gap.count > 1 ? `${line}. Asked ${gap.count} times.` : `${line}.`;
}

function labelled(gap, name, label, control, hint) {
  const id = field(gap, name);
  control.id = id;
  if (hint) control.setAttribute("aria-describedby", `${id}-hint`);
  return make("div", { class: "field" },
    make("label", { for: id }, label), control, hint ? make("small", { id: `${id}-hint` }, hint) : null);
}

function area(rows, text) {
  const node = make("textarea", { rows });
  node.value = text;
  return node;
}

function articleChoice(gap) {
  const options = make("datalist", { id: field(gap, "articles") });
  const input = make("input", { list: options.id, autocomplete: "off", "data-gap": gap.id });
  input.value = gap.article ?? "";
  input.addEventListener("input", () => void guarded(() => suggest(gap, input, options)));
  return [labelled(gap, "article", "Article it is a phrasing of", input,
    "Type words of its question and choose it."), options];
}

async function suggest(gap, input, options) {
  const found = await call("GET", `gaps/${gap.id}/articles?q=${encodeURIComponent(input.value)}`);
  options.replaceChildren(...found.articles.map((one) => make("option", { value: one.id }, one.question)));
}

/** Article or phrasing; only what belongs to the choice is shown. */
function openForm(gap) {
  const kinds = ["article", "phrasing"].map((kind) => make("label", null,
    make("input", { type: "radio", name: field(gap, "kind"), value: kind, checked: gap.kind === kind }),
    make("span", null, kind === "article" ? "New article" : "Phrasing of an article")));
  const answer = labelled(gap, "answer", "Answer", area(5, gap.answer),
    gap.extractive ? "Word for word what a person wrote, with personal details masked. Look it over." : null);
  const choice = articleChoice(gap);
  const form = make("form", { class: "gap-form" },
    make("fieldset", { class: "gap-kinds" }, make("legend", null, "Make it"), ...kinds),
    labelled(gap, "questions", "Asked as, one a line", area(3, gap.questions.join("\n")),
      "The first line is the title of a new article."),
    choice, answer,
    make("div", { class: "choices" },
      make("button", { type: "button", class: "quiet", "data-gap": gap.id, "data-act": "reject" }, "Reject"),
      make("button", { type: "submit", class: "primary" }, "Approve")));
  const kind = () => form.querySelector("input[type=radio]:checked").value;
  const fit = () => {
    answer.hidden = kind() !== "article";
    choice[0].hidden = kind() === "article";
  };
  form.addEventListener("change", fit);
  fit();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void guarded(() => decide(gap, "approve", wording(gap, kind())));
  });
  return form;
}

function wording(gap, kind) {
  const questions = byId(field(gap, "questions")).value.split("\n").map((text) => text.trim()).filter(Boolean);
  if (kind === "phrasing") return { kind, questions, article: byId(field(gap, "article")).value };
  return { kind, questions, answer: byId(field(gap, "answer")).value };
}

function fate(gap) {
  const who = `${STATES[gap.state]} by ${gap.decided_by}, ${moment(gap.decided_at)}.`;
  if (gap.pending) return `${who} Going live…`;
  return gap.version && gap.state !== "rejected" ? `${who} Live as of version ${gap.version}.` : who;
}

function decided(gap) {
  const undo = gap.state === "undone" ? null : make("button", {
    type: "button", class: "quiet", "data-gap": gap.id, "data-act": "undo", "data-key": `undo/${gap.id}`,
  }, gap.state === "rejected" ? "Open again" : "Take out again");
  return [gap.answer && gap.kind === "article" ? make("p", { class: "gap-answer" }, gap.answer) : null,
    make("p", { class: "soft" }, fate(gap)), undo];
}

function one(gap) {
  const title = field(gap, "title");
  return make("article", { class: "gap", "aria-labelledby": title },
    make("h3", { id: title, tabindex: "-1" }, gap.questions[0]),
    make("p", { class: "soft" }, origin(gap)),
    isOpen(gap) ? openForm(gap) : decided(gap));
}

function render() {
  const mine = gaps.filter((gap) => isOpen(gap) === (shown === "open"));
  const empty = make("p", { class: "still" },
    shown === "open" ? "Nothing waits for a decision." : "Nothing has been decided yet.");
  if (shown === "open") byId("gap-list").replaceChildren(...(mine.length ? mine.map(one) : [empty]));
  else refill(byId("gap-list"), mine.length ? mine.map(one) : [empty]);
  for (const button of document.querySelectorAll("[data-gaps]")) {
    button.setAttribute("aria-pressed", String(button.dataset.gaps === shown));
  }
}

async function guarded(work) {
  try {
    await work();
  } catch (error) {
    if (error instanceof SignedOut) enter();
    else if (error instanceof Refused) tell(byId("gaps-verdict"), error.message);
    else throw error;
  }
}

async function read() {
  ({ gaps } = await call("GET", "gaps"));
}

async function show() {
  tell(byId("gaps-verdict"), "");
  await read();
  render();
  if (!byId("gaps").open) byId("gaps").showModal();
  watchPending();
}

async function decide(gap, act, body) {
  const now = await call("POST", `gaps/${gap.id}/${act}`, body ?? {});
  gaps = gaps.map((known) => (known.id === now.id ? now : known));
  // Only this one goes: words typed into the others stay.
  const card = byId(field(gap, "title")).closest("article");
  const next = card.nextElementSibling ?? card.previousElementSibling;
  if (isOpen(gap) && next) card.remove();
  else render();
  (next?.querySelector("h3") ?? byId("gaps-title")).focus();
  tell(byId("gaps-verdict"), isOpen(now) ? "Open again." : fate(now));
  watchPending();
}

/** Look again each second while something is going live. */
function watchPending() {
  if (looking || !gaps.some((gap) => gap.pending)) return;
  looking = setTimeout(() => void guarded(async () => {
    looking = null;
    const waiting = gaps.filter((gap) => gap.pending).map((gap) => gap.id);
    await read();
    const live = gaps.find((gap) => waiting.includes(gap.id) && !gap.pending);
    if (live) tell(byId("gaps-verdict"), `“${live.questions[0]}”: ${fate(live)}`);
    if (shown === "decided") render();
    if (byId("gaps").open) watchPending();
  }), LOOK_MS);
}

export function startGaps(me) {
  byId("show-gaps").hidden = !me.rights.includes("operate");
  byId("show-gaps").addEventListener("click", () => void guarded(show));
  byId("gaps").addEventListener("click", (event) => {
    const button = event.target.closest("[data-gaps], [data-act]");
    if (!button) return;
    if (button.dataset.gaps) {
      shown = button.dataset.gaps;
      render();
    } else {
      const gap = gaps.find((known) => known.id === button.dataset.gap);
      void guarded(() => decide(gap, button.dataset.act));
    }
  });
}
