// The small markdown of answers, built as nodes: text from outside never becomes markup.

const BLOCK = /^(?:#{1,6} +(?<title>.+)|[-*•] +(?<dot>.+)|(?<number>\d{1,9})[.)] +(?<step>.+))$/;
const INLINE = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "\\[(?<label>[^\\]\\n]+)\\]\\((?<href>[^)\\s]+)\\)",
    "\\*\\*(?<bold>(?=\\S)[^\\n]+?)\\*\\*",
    "(?<![\\w*])\\*(?<star>(?=\\S)[^*\\n]+?)\\*(?![\\w*])",
    "(?<!\\w)_(?<under>(?=\\S)[^_\\n]+?)_(?!\\w)",
    "(?<bare>https?://[^\\s<>\"]+[^\\s<>\".,;:!?)\\]'])",
  ].join("|"),
  "gu",
);
const SCHEMES = ["http:", "https:", "mailto:"];
const DEEPEST = 4;

export function markdown(text) {
  const fragment = document.createDocumentFragment();
  for (const block of blocks(text)) fragment.append(block);
  return fragment;
}

// An address that may be followed, or null.
export function safeLink(href) {
  try {
    const url = new URL(href, document.baseURI);
    return SCHEMES.includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

export function link(href, label) {
  const safe = safeLink(href);
  if (!safe) return document.createTextNode(label);
  const anchor = element("a", label);
  anchor.href = safe;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  return anchor;
}

function* blocks(text) {
  let open = null; // the paragraph or list that the next line continues
  for (const line of text.replaceAll("\t", "    ").split("\n")) {
    const found = BLOCK.exec(line.trim())?.groups;
    const tag = !line.trim() ? null : !found || found.title ? "p" : found.dot ? "ul" : "ol";
    if (open && (tag !== open.localName || found?.title || open.dataset.title)) {
      yield open;
      open = null;
    }
    if (!tag) continue;
    const begun = open ?? newBlock(tag, found);
    grow(begun, line, found);
    open = begun;
  }
  if (open) yield open;
}

function newBlock(tag, found) {
  const block = element(tag);
  block.dir = "auto";
  if (tag === "ol" && found.number !== "1") block.start = Number(found.number);
  if (found?.title) block.dataset.title = "yes";
  return block;
}

function grow(block, line, found) {
  if (block.localName !== "p") {
    const item = element("li");
    item.append(...inline(found.dot ?? found.step));
    block.append(item);
  } else if (found?.title) {
    const strong = element("strong");
    strong.append(...inline(found.title));
    block.append(strong);
  } else {
    if (block.hasChildNodes()) block.append(element("br"));
    block.append(...inline(line.trim()));
  }
}

function* inline(text, depth = 0) {
  let end = 0;
  for (const match of depth < DEEPEST ? text.matchAll(INLINE) : []) {
    if (match.index > end) yield document.createTextNode(text.slice(end, match.index));
    yield piece(match.groups, match[0], depth + 1);
    end = match.index + match[0].length;
  }
  if (end < text.length) yield document.createTextNode(text.slice(end));
}

function piece({ code, label, href, bold, star, under, bare }, whole, depth) {
  if (code) return element("code", code);
  if (label) return safeLink(href) ? link(href, label) : document.createTextNode(whole);
  if (bare) return link(bare, bare);
  const node = element(bold ? "strong" : "em");
  node.append(...inline(bold ?? star ?? under, depth));
  return node;
}

function element(tag, text) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  return node;
}
