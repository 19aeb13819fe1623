// The calls of the chat's API.

const BASE = new URL("../../api/", import.meta.url);
const PATIENCE = 20_000;

export class Refused extends Error {
  constructor(status, sentence, after) {
    super(sentence);
    this.status = status;
    this.after = after; // milliseconds, where the server said when to come back
  }

  // Whether the same request can succeed later.
  get passing() {
    return this.status >= 500 || this.status === 408 || this.status === 429;
  }
}

export async function newVisitor(line) {
  const response = await post("visitors", { line });
  return response.token;
}

export function sendMessage(token, message) {
  return post("messages", message, token);
}

// Whether a person has the conversation, and is shown that the customer types.
export async function sendTyping(token) {
  return (await post("typing", {}, token)).shown;
}

export async function sendFile(token, key, file) {
  const where = new URL("files", BASE);
  where.search = new URLSearchParams({ key, name: file.name });
  const headers = { "Content-Type": "application/octet-stream", Authorization: `Bearer ${token}` };
  const response = await fetch(where, { method: "POST", headers, body: file });
  if (!response.ok) throw await refused(response);
}

export async function fetchFile(token, url) {
  const where = new URL(`files/${url.split("/").pop()}`, BASE);
  const response = await fetch(where, { headers: { Authorization: `Bearer ${token}` } });
  if (!response.ok) throw await refused(response);
  return response.blob();
}

export async function openStream(token, after, signal) {
  const headers = { Authorization: `Bearer ${token}`, Accept: "text/event-stream" };
  if (after) headers["Last-Event-ID"] = String(after);
  const response = await fetch(new URL("stream", BASE), { headers, signal, cache: "no-store" });
  if (!response.ok) throw await refused(response);
  return response.body;
}

async function post(verb, body, token) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const response = await fetch(new URL(verb, BASE), {
    method: "POST",
    headers,
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!response.ok) throw await refused(response);
  return response.json();
}

async function refused(response) {
  const body = await response.json().catch(() => ({}));
  const seconds = Number(response.headers.get("Retry-After"));
  const sentence = body.error ?? "The chat did not take this message.";
  return new Refused(response.status, sentence, seconds ? seconds * 1000 : null);
}
