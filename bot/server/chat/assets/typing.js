// Tells a person who has the conversation that the customer types. Nothing is sent to nobody.

import { sendTyping } from "./api.js";

const EVERY = 3_000;
const END = "end"; // the button that ends the talk with a person

export class Typing {
  #person = false;
  #told = -EVERY;

  // A message of the conversation, old or new: they show who has it.
  heard({ author, choices }) {
    if (author === "staff" || choices?.some((choice) => choice.value === END)) this.#person = true;
    else if (author !== "customer") this.#person = false;
    else this.#told = -EVERY;
  }

  async typed(token) {
    const now = performance.now();
    if (!token || !this.#person || now - this.#told < EVERY) return;
    this.#told = now;
    // A word that is lost would only have passed.
    if ((await sendTyping(token).catch(() => true)) === false) this.#person = false;
  }
}
