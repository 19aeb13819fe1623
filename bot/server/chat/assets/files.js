// Pictures and PDF files: the customer's go out at once, and what people sent is saved on request.

import { fetchFile, sendFile } from "./api.js";
import { newKey } from "./outbox.js";

const LARGEST = 5 * 1024 * 1024;
const FORGOTTEN = 60_000;
const [attach, input, note] = ["attach", "file", "file-note"].map((id) => document.getElementById(id));

export class Files {
  #busy = false;

  constructor(visitor) {
    this.visitor = visitor;
    attach.addEventListener("click", () => this.#busy || input.click());
    input.addEventListener("change", () => {
      const [file] = input.files;
      if (file) this.#send(file).finally(() => (input.value = ""));
    });
  }

  // A link cannot carry the visitor's token: the file is fetched, and then saved.
  async save(file) {
    this.#tell("");
    try {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await fetchFile(this.visitor.known(), file.url));
      link.download = file.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), FORGOTTEN);
    } catch (error) {
      this.#tell(error.status ? error.message : "The file cannot be fetched just now. Try again.");
    }
  }

  async #send(file) {
    if (file.size > LARGEST) return this.#tell(`Not sent: ${file.name} is over 5 MB. Choose a smaller one.`);
    this.#busy = true;
    attach.setAttribute("aria-disabled", "true");
    this.#tell(`Sending ${file.name}…`);
    let token = null;
    try {
      token = await this.visitor.token();
      await sendFile(token, newKey(), file);
      this.#tell(`${file.name} is sent.`);
    } catch (error) {
      if (error.status === 401 && token) this.visitor.renew(token);
      const why = error.status ? error.message : "The connection was lost; choose the file again.";
      this.#tell(`Not sent. ${why}`);
    } finally {
      this.#busy = false;
      attach.removeAttribute("aria-disabled");
    }
  }

  #tell(words) {
    note.textContent = words;
    note.classList.toggle("over", words.startsWith("Not sent"));
  }
}
