// Follows the visitor's event stream for as long as the page lives, and takes up where it broke.

import { openStream } from "./api.js";
import { Pace } from "./pace.js";

const SILENCE = 40_000; // the server speaks every 15 s
const STALE = 20_000;

export class Stream {
  #pace = new Pace();
  #abort = null;
  #heard = 0;
  #after = 0;
  #resting = null;
  #ended = false;

  // `on` has: event(kind, data), up(), down(), unknown() for a token that is not valid any more.
  constructor(token, on) {
    this.token = token;
    this.on = on;
    this.watch = setInterval(() => this.#silentFor(SILENCE) && this.#abort?.abort(), 10_000);
    this.#run();
  }

  end() {
    this.#ended = true;
    clearInterval(this.watch);
    this.#abort?.abort();
    this.#resting?.();
    this.#pace.hurry();
  }

  // The page is looked at again, or the network is back: do not wait out a timer.
  nudge() {
    this.#resting?.();
    this.#pace.hurry();
    // A machine that slept has a connection that looks open and is not.
    if (this.#silentFor(STALE)) this.#abort?.abort();
  }

  async #run() {
    while (!this.#ended) {
      let asked = 0;
      try {
        await this.#once();
      } catch (error) {
        if (error.status === 401 && !this.#ended) return this.on.unknown();
        asked = error.after ?? 0;
      }
      if (this.#ended) return;
      if (this.rest) await this.#asleep();
      else {
        this.on.down();
        await this.#pace.wait(asked);
      }
    }
  }

  async #once() {
    this.#abort = new AbortController();
    this.#heard = Date.now();
    const body = await openStream(this.token, this.#after, this.#abort.signal);
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    this.on.up();
    const read = parser((kind, data, id) => this.#take(kind, data, id));
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      this.#heard = Date.now();
      this.#pace.reset();
      read(value);
    }
  }

  #take(kind, data, id) {
    if (kind === "elsewhere") {
      this.rest = true;
      return;
    }
    if (id) {
      // Seen before: an answer that crossed a broken connection.
      if (Number(id) <= this.#after) return;
      this.#after = Number(id);
    }
    this.on.event(kind, JSON.parse(data));
  }

  async #asleep() {
    await new Promise((resolve) => (this.#resting = resolve));
    this.#resting = null;
    this.rest = false;
  }

  #silentFor(time) {
    return Date.now() - this.#heard > time;
  }
}

// The event stream format of the HTML standard, section 9.2.6, as far as the server uses it.
export function parser(emit) {
  let rest = "";
  let fields = {};
  return (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (fields.data !== undefined) emit(fields.event ?? "message", fields.data, fields.id);
        fields = {};
      } else if (!line.startsWith(":")) {
        const colon = line.indexOf(":");
        const [name, value] = colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1)];
        const text = value.startsWith(" ") ? value.slice(1) : value;
        fields[name] = name === "data" && fields.data !== undefined ? `${fields.data}\n${text}` : text;
      }
    }
  };
}
