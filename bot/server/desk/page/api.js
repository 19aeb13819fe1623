/* Calls to the desk's API. */

/** An answer that is not a yes: `body.error` is a sentence. */
export class Refused extends Error {
  constructor(status, body) {
    super(body.error ?? "That did not work.");
    this.status = status;
    this.code = body.code ?? null;
    this.holder = body.holder ?? null;
  }
}

/** The session is over. */
export class SignedOut extends Refused {}

export const NO_ANSWER = "The server did not answer. Look whether it happened before you try again.";

export async function call(method, path, body) {
  const asked = { method, credentials: "same-origin", cache: "no-store" };
  if (body !== undefined) {
    asked.headers = { "Content-Type": "application/json" };
    asked.body = JSON.stringify(body);
  }
  let answer;
  let told;
  try {
    answer = await fetch(`/desk/api/${path}`, asked);
    told = await answer.json();
  } catch {
    throw new Refused(0, { error: NO_ANSWER });
  }
  if (answer.ok) return told;
  throw new (answer.status === 401 ? SignedOut : Refused)(answer.status, told);
}

/** Send a file; its name goes into the address, its bytes as they are. */
export async function upload(path, file, key) {
  const query = new URLSearchParams({ name: file.name, key });
  let answer;
  let told;
  try {
    answer = await fetch(`/desk/api/${path}?${query}`, {
      method: "POST", credentials: "same-origin", cache: "no-store",
      headers: { "Content-Type": "application/octet-stream" }, body: file,
    });
    told = await answer.json();
  } catch {
    throw new Refused(0, { error: NO_ANSWER });
  }
  if (!answer.ok) throw new (answer.status === 401 ? SignedOut : Refused)(answer.status, told);
}

/**
 * Load the desk again. A fresh address, since a reload after a click in another site's page would
 * still leave the SameSite cookie behind.
 */
export function enter() {
  location.replace(`/desk?at=${Date.now()}${location.hash}`);
}
