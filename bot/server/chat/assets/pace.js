// Waiting between tries: longer each time, never in step with others, cut short when asked.

const FIRST = 500;
const LONGEST = 20_000;

export class Pace {
  #failures = 0;
  #wake = null;

  reset() {
    this.#failures = 0;
  }

  // Wait before the next try; `atLeast` is what the server asked for.
  async wait(atLeast = 0) {
    const ceiling = Math.min(LONGEST, FIRST * 2 ** this.#failures);
    this.#failures += 1;
    const delay = Math.max(atLeast, ceiling * (0.5 + Math.random() / 2));
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, delay);
      // What the server asked for is kept even when somebody is eager.
      this.#wake = atLeast ? null : () => (clearTimeout(timer), resolve());
    });
    this.#wake = null;
  }

  hurry() {
    this.#failures = 0;
    this.#wake?.();
  }
}
