/* A link that was looked at before somebody followed it: a person presses, a program does not. */

import { Refused, call, enter } from "./api.js";
import { byId } from "./dom.js";

const refused = byId("refused");

async function press() {
  const button = byId("enter");
  button.setAttribute("aria-disabled", "true");
  refused.textContent = "";
  try {
    await call("POST", "session", { token: new URLSearchParams(location.search).get("token") ?? "" });
    enter();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refused.textContent = error.status ? error.message : "The server did not answer. Try again.";
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

byId("enter").addEventListener("click", press);
