/* The small kind of Markdown (bold, lists, links) as nodes. What is not understood stays text. */

import { make } from "./dom.js";

const INLINE = /\*\*([^*\n]+)\*\*|\[([^\]\n]+)\]\(([^()\s]+)\)|(https?:\/\/[^\s<>()"]+[^\s<>()".,;:!?])/g;
const BULLET = /^\s*[-*•]\s+(.*)$/;
const NUMBER = /^\s*\d{1,3}[.)]\s+(.*)$/;
const FOLLOWED = ["http:", "https:", "mailto:"];

/** A link where the address may be followed, else its text. */
export function link(text, address) {
  let url = null;
  try {
    url = new URL(address);
  } catch {
    return document.createTextNode(text);
  }
  if (!FOLLOWED.includes(url.protocol)) return document.createTextNode(text);
  return make("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, text);
}

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    nodes.push(text.slice(end, found.index));
    const [whole, bold, label, address, bare] = found;
    if (bold) nodes.push(make("strong", null, bold));
    else nodes.push(bare ? link(bare, bare) : (link(label, address) ?? whole));
    end = found.index + whole.length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

/** Paragraphs and lists. */
export function blocks(text) {
  const made = [];
  for (const line of text.split("\n")) {
    const item = BULLET.exec(line) ?? NUMBER.exec(line);
    const kind = BULLET.test(line) ? "UL" : item ? "OL" : "P";
    const last = made.at(-1);
    if (item) {
      const list = last?.tagName === kind ? last : make(kind.toLowerCase());
      list.append(make("li", null, ...inline(item[1])));
      if (list !== last) made.push(list);
    } else if (!line.trim()) {
      if (last && last.childNodes.length) made.push(make("p"));
    } else if (last?.tagName === "P") {
      last.append(...(last.childNodes.length ? [make("br")] : []), ...inline(line));
    } else {
      made.push(make("p", null, ...inline(line)));
    }
  }
  return made.filter((node) => node.childNodes.length);
}
