// One message as nodes: who speaks, the words, sources, files, choices.

import { link, markdown } from "./markdown.js";

const SPEAKERS = { customer: "You", bot: "Assistant", system: "Notice", staff: "Support" };

export function speaker(message) {
  if (message.author === "customer") return SPEAKERS.customer;
  return message.name || SPEAKERS[message.author] || SPEAKERS.system;
}

// `press(choice)` is called when the customer picks one, `save(file)` when they want a file.
export function messageNode(message, press, save) {
  const node = make("article", `message ${message.author}`);
  node.dataset.key = message.key;
  node.dataset.speaker = `${message.author} ${speaker(message)}`;
  node.append(heading(message), words(message));
  if (message.media?.length) node.append(files(message.media, save));
  if (message.sources?.length) node.append(sources(message.sources));
  if (message.choices?.length) node.append(choices(message.choices, press));
  return node;
}

// A message in the place of an earlier one: it keeps its time, and says what became of it.
export function amended(node, old, deleted) {
  node.classList.toggle("removed", Boolean(deleted));
  const who = node.querySelector(".who");
  who.querySelector("time").replaceWith(old.querySelector(".who time").cloneNode(true));
  if (deleted) node.querySelector(".words").replaceChildren(make("p", "", "Message removed"));
  else who.append(" ", make("span", "mark", "edited"));
}

export function pendingNode(item, { edit, drop }) {
  const node = make("article", `message customer ${item.state}`);
  const text = item.text ?? item.label ?? item.pressed;
  node.append(make("p", "who", SPEAKERS.customer), words({ author: "customer", text }));
  if (item.state === "refused") {
    const again = button(item.text ? "Edit" : "Dismiss", "choice", item.text ? edit : drop);
    const note = make("p", "note", `Not sent. ${item.fault} `);
    note.setAttribute("role", "alert");
    note.append(again);
    node.append(note);
  } else if (item.late && item.state === "waiting") {
    node.append(make("p", "note", "Not sent yet, trying again…"));
  }
  return node;
}

// Choices count until the customer says something else; the picked one stays marked.
export function closeChoices(root, pressed) {
  for (const one of root.querySelectorAll(".choices button:enabled")) {
    one.disabled = true;
    if (pressed !== undefined && one.value === pressed) one.setAttribute("aria-pressed", "true");
  }
}

function heading(message) {
  const who = make("p", "who");
  const name = make("bdi", "", speaker(message));
  const at = new Date(message.at);
  const time = make("time", "", at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
  time.dateTime = message.at;
  time.title = at.toLocaleString();
  who.append(name, " ", time);
  return who;
}

function words(message) {
  const node = make("div", "words");
  node.dir = "auto";
  if (message.author === "customer") node.textContent = message.text; // as it was typed
  else node.append(markdown(message.text));
  return node;
}

function sources(items) {
  const node = make("p", "sources", items.length > 1 ? "Sources: " : "Source: ");
  items.forEach((item, index) => {
    if (index) node.append(", ");
    const title = make("bdi");
    title.append(item.url ? link(item.url, item.title) : item.title);
    node.append(title);
  });
  return node;
}

function files(media, save) {
  const list = make("ul", "files");
  for (const file of media) {
    const item = make("li");
    const name = file.name || "File";
    item.append(file.url.startsWith("/chat/api/files/") ? button(name, "file", () => save(file)) : link(file.url, name));
    if (file.size) item.append(` (${Math.max(1, Math.round(file.size / 1024))} KB)`);
    list.append(item);
  }
  return list;
}

function choices(options, press) {
  const group = make("div", "choices");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Choose one");
  for (const option of options) {
    const one = button(option.label, "choice", (event) => press(option, event));
    one.value = option.value;
    one.dir = "auto";
    group.append(one);
  }
  return group;
}

function button(label, name, click) {
  const node = make("button", name, label);
  node.type = "button";
  node.addEventListener("click", click);
  return node;
}

function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}
