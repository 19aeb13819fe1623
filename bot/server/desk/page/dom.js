/* Small helpers to make nodes. Words go in as text nodes: nothing here parses HTML. */

export const byId = (id) => document.getElementById(id);

/** An element; `null` children are left out, strings become text. */
export function make(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** Set text only where it differs, so that a live region is not read out twice. */
export function tell(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Replace children, unless what they would look like is what is there; focus stays where it was. */
export function refill(parent, children) {
  const fresh = make("div", null, ...children);
  if (parent.childNodes.length === children.length && same(parent, fresh)) return;
  const focused = parent.contains(document.activeElement)
    ? document.activeElement.dataset.key
    : undefined;
  parent.replaceChildren(...fresh.childNodes);
  if (focused) {
    const keys = [...parent.querySelectorAll("[data-key]")];
    (keys.find((node) => node.dataset.key === focused) ?? keys[0])?.focus();
  }
}

function same(one, other) {
  const [a, b] = [[...one.childNodes], [...other.childNodes]];
  return a.length === b.length && a.every((node, i) => node.isEqualNode(b[i]));
}
