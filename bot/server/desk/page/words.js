/* How the desk says times, states and outcomes. */

const UNITS = [
  [86400, "d", "day"],
  [3600, "h", "hour"],
  [60, "min", "minute"],
];

/** How long, as a figure and its unit, and as it is spoken. */
export function lasting(seconds) {
  for (const [size, unit, word] of UNITS) {
    const count = Math.floor(seconds / size);
    if (count >= 1) return { count: String(count), unit, spoken: `${count} ${word}${count > 1 ? "s" : ""}` };
  }
  return { count: "<1", unit: "min", spoken: "less than a minute" };
}

const OUTCOMES = {
  resolved: "Resolved",
  handed_back: "Handed back to the bot",
  cancelled: "No longer wanted by the customer",
  exhausted: "Nobody came in time",
  customer_ended: "Ended by the customer",
};

export const outcome = (code) => OUTCOMES[code] ?? "Ended";

const OWED = { callback: "To be called back", ticket: "Ticket" };

/** What is left to do although nobody came in time; undefined for all other hand-offs. */
export const owed = (row) => OWED[row.state];

/** Who has a hand-off, as a short sentence. */
export function holding(row, seconds) {
  if (row.state === "ended") return `${outcome(row.outcome)}.`;
  if (owed(row)) return `${owed(row)}.`;
  if (row.mine) return "You have this.";
  if (row.claimed_by) return `${row.claimed_by.name} has this.`;
  return `Waiting for ${lasting(seconds).spoken}.`;
}

const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, {
  day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
});

/** A moment; the day only when it is not today. */
export function moment(iso) {
  const at = new Date(iso);
  return (at.toDateString() === new Date().toDateString() ? TIME : DAY).format(at);
}
