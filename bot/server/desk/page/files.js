/* A file to the customer: chosen, asked about once more, and sent as a reply. */

import { Refused, SignedOut, enter, upload } from "./api.js";
import { ask, verdict } from "./acts.js";
import { byId } from "./dom.js";
import { read } from "./reading.js";
import { change, state, watch } from "./state.js";

const LARGEST = 5 * 1024 * 1024;
const input = byId("file");

async function send(file) {
  const row = state.detail;
  if (!row || state.busy !== null) return;
  if (file.size > LARGEST) return verdict(`${file.name} is over 5 MB. Choose a smaller one.`, { lost: true });
  if (!(await ask("Send this file?", `The customer gets ${file.name}.`, "Send to customer"))) return;
  change({ busy: "file" });
  verdict(`Sending ${file.name}…`);
  try {
    const key = [...crypto.getRandomValues(new Uint32Array(4))].join("-");
    await upload(`handoffs/${encodeURIComponent(row.id)}/files`, file, key);
    verdict(`${file.name} is sent to the customer.`);
  } catch (error) {
    if (error instanceof SignedOut) enter();
    else if (error instanceof Refused) verdict(error.message, { lost: true });
    else throw error;
  } finally {
    change({ busy: null });
    void read();
  }
}

export function startFiles() {
  watch(() => { byId("attach").hidden = !(state.detail?.mine && state.detail.state === "human"); });
  byId("attach").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const [file] = input.files;
    if (file) void send(file).finally(() => { input.value = ""; });
  });
}
