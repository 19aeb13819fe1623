// Who this browser is: one token per line, made when the first message is sent.

import { newVisitor } from "./api.js";
import * as keep from "./keep.js";

export class Visitor {
  #making = null;

  // `changed(token)` is told whenever there is a token to follow, or none.
  constructor(line, changed) {
    this.line = line;
    this.name = `careline:${line}:token`;
    this.changed = changed;
    // Another tab may make the visitor, or find that it is not valid any more.
    window.addEventListener("storage", (event) => {
      if (event.key === this.name) this.changed(event.newValue);
    });
  }

  known() {
    return keep.get(this.name);
  }

  async token() {
    return this.known() ?? (this.#making ??= this.#make());
  }

  // The server does not know this token: forget it, unless another tab has a newer one already.
  renew(token) {
    if (this.known() === token) keep.remove(this.name);
    this.changed(this.known());
  }

  async #make() {
    try {
      const token = await newVisitor(this.line);
      if (!this.known()) keep.set(this.name, token);
      this.changed(this.known());
      return this.known();
    } finally {
      this.#making = null;
    }
  }
}
