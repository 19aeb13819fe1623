// Messages on their way: kept until the server has them, sent in order, safe to send twice.

import { sendMessage } from "./api.js";
import * as keep from "./keep.js";
import { Pace } from "./pace.js";

// Staff are told what time it is where the customer is.
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export class Outbox {
  #pace = new Pace();
  #busy = false;

  // `visitor` has token() and renew(token); `on` has changed(), up() and down().
  constructor(line, visitor, on) {
    this.prefix = `careline:${line}:outbox:`;
    this.visitor = visitor;
    this.on = on;
    this.items = keep.names(this.prefix).map((name) => parsed(keep.get(name))).filter(Boolean);
  }

  add(message) {
    const key = newKey();
    const item = { ...message, key, state: "waiting" };
    this.items.push(item);
    keep.set(this.prefix + key, JSON.stringify(item));
    this.on.changed();
    this.drain();
  }

  drop(item) {
    this.items = this.items.filter((other) => other !== item);
    keep.remove(this.prefix + item.key);
    this.on.changed();
  }

  // The server has it: it is in the stream, or will be.
  arrived(key) {
    const item = this.items.find((other) => key.endsWith(`:${other.key}`));
    if (item) this.drop(item);
  }

  hurry() {
    this.#pace.hurry();
    this.drain();
  }

  async drain() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let item; (item = this.items.find((one) => one.state === "waiting")); ) {
        await this.#deliver(item);
      }
    } finally {
      this.#busy = false;
    }
  }

  async #deliver(item) {
    let token = null;
    try {
      token = await this.visitor.token();
      const { key, text, pressed, label } = item;
      await sendMessage(token, { key, text, pressed, label, zone: ZONE });
      item.state = "sent";
      keep.remove(this.prefix + item.key);
      this.#pace.reset();
      this.on.up();
    } catch (error) {
      if (error.status === 401 && token) this.visitor.renew(token);
      if (error.status && error.status !== 401 && !error.passing) {
        item.state = "refused";
        item.fault = error.message;
        keep.remove(this.prefix + item.key);
      } else {
        item.late = true;
        if (error.status !== 429) this.on.down();
        this.on.changed();
        await this.#pace.wait(error.after ?? 0);
      }
    }
    this.on.changed();
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// The time first, so that keys sort as they were written.
export function newKey() {
  return `${Date.now().toString(36)}-${crypto.randomUUID?.() ?? randomHex()}`;
}

// Plain http has no randomUUID.
function randomHex() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
