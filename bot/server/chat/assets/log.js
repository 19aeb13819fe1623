// The conversation on the page: what was said, what is on its way, what is being written.

import { markdown } from "./markdown.js";
import { amended, closeChoices, messageNode, pendingNode, speaker } from "./render.js";

const NEAR = 80; // pixels from the end that still count as reading the end
const DRAFT_STAYS = 10_000;
const THINKING_STAYS = 60_000;
const TYPING_STAYS = 7_000; // longer than the next word of it takes

export class Log {
  #nodes = new Map();
  #draft = { id: null, text: "", timer: 0 };
  #typing = 0;

  constructor({ press, edit, drop, save }) {
    this.press = press;
    this.edit = edit;
    this.drop = drop;
    this.save = save;
    for (const id of ["log", "pending", "draft", "typing", "scroller", "newer", "with"]) {
      this[id] = document.getElementById(id);
    }
    this.newer.addEventListener("click", () => this.toEnd());
    this.scroller.addEventListener("scroll", () => this.#atEnd() && (this.newer.hidden = true), {
      passive: true,
    });
    new ResizeObserver(() => this.following && this.toEnd()).observe(this.scroller);
    this.following = true;
  }

  // While old messages are laid out, nothing is read aloud.
  replaying(yes) {
    if (yes) this.log.setAttribute("aria-live", "off");
    else setTimeout(() => this.log.setAttribute("aria-live", "polite"), 100);
  }

  clear() {
    this.#nodes.clear();
    this.log.replaceChildren();
    this.endDraft();
    this.thinking(false);
  }

  show(message) {
    const news = message.author !== "customer";
    this.#keepPlace({ news }, () => {
      if (!news) closeChoices(this.log, message.pressed);
      else this.#answered(message);
      this.#place(message);
    });
  }

  showPending(items) {
    this.#keepPlace({ news: false }, () => {
      const nodes = items.map((item) =>
        pendingNode(item, { edit: () => this.edit(item), drop: () => this.drop(item) }),
      );
      this.pending.replaceChildren(...nodes);
    });
  }

  grow({ id, sentence }) {
    this.#keepPlace({ news: true }, () => {
      if (this.#draft.id !== id) this.endDraft();
      this.#draft.id = id;
      this.#draft.text += (this.#draft.text ? " " : "") + sentence;
      const node = document.createElement("div");
      node.className = "message bot growing";
      node.append(markdown(this.#draft.text));
      this.draft.replaceChildren(node);
    });
  }

  // A finished draft stays until its message shows: nothing may flicker.
  draftEnds({ id, followed }) {
    if (this.#draft.id !== id) return;
    if (followed) this.#draft.timer = setTimeout(() => this.endDraft(), DRAFT_STAYS);
    else this.endDraft();
  }

  endDraft() {
    clearTimeout(this.#draft.timer);
    this.#draft = { id: null, text: "", timer: 0 };
    this.draft.replaceChildren();
  }

  thinking(yes) {
    this.#atWork(yes ? "The assistant is writing" : "", THINKING_STAYS);
  }

  personTypes(name) {
    this.#atWork(`${name || "Support"} is typing`, TYPING_STAYS);
  }

  // The same words are not said again, so that nothing is read aloud twice.
  #atWork(words, stays) {
    clearTimeout(this.#typing);
    if (this.typing.textContent !== words) {
      this.#keepPlace({ news: false }, () => (this.typing.textContent = words));
    }
    if (words) this.#typing = setTimeout(() => this.#atWork("", 0), stays);
  }

  toEnd() {
    this.following = true;
    this.newer.hidden = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #answered(message) {
    this.thinking(false);
    if (message.author !== "system") {
      this.endDraft();
      this.with.textContent = speaker(message);
      this.with.dataset.who = message.author;
    }
  }

  #place(message) {
    if (this.#nodes.has(message.key)) return;
    const node = messageNode(message, this.press, this.save);
    const old = message.replaces && this.#nodes.get(message.replaces);
    this.#nodes.set(message.key, node);
    if (message.replaces) this.#nodes.set(message.replaces, node);
    if (old) {
      amended(node, old, message.deleted);
      old.replaceWith(node);
      node.classList.toggle("same", old.classList.contains("same"));
    } else if (!message.deleted) {
      const before = this.log.lastElementChild;
      node.classList.toggle("same", before?.dataset.speaker === node.dataset.speaker);
      this.log.append(node);
    }
  }

  #atEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller;
    this.following = scrollHeight - scrollTop - clientHeight < NEAR;
    return this.following;
  }

  // Somebody reading further up is not dragged away; they are told instead.
  #keepPlace({ news }, change) {
    const atEnd = this.following;
    change();
    if (atEnd) this.toEnd();
    else if (news) this.newer.hidden = false;
  }
}
