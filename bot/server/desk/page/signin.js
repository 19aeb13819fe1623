/* The sign-in page. */

import { Refused, call, enter } from "./api.js";
import { byId } from "./dom.js";

const form = byId("sign-in");
const refused = byId("refused");

async function submit(event) {
  event.preventDefault();
  const button = byId("enter");
  button.setAttribute("aria-disabled", "true");
  refused.textContent = "";
  try {
    const { login, password } = Object.fromEntries(new FormData(form));
    await call("POST", "session", { login, password });
    enter();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refused.textContent = error.status ? error.message : "The server did not answer. Try again.";
    byId("password").select();
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

form.addEventListener("submit", submit);
byId("login").focus();
