// Keeps small things across reloads; in memory where the browser refuses to store.

const memory = new Map();

function disk() {
  try {
    const probe = "careline:probe";
    window.localStorage.setItem(probe, "1");
    window.localStorage.removeItem(probe);
    return window.localStorage;
  } catch {
    return null; // private windows, embedded pages with third-party storage off, a full disk
  }
}

const kept = disk();

export function get(name) {
  return kept?.getItem(name) ?? memory.get(name) ?? null;
}

export function set(name, value) {
  try {
    kept.setItem(name, value);
    memory.delete(name);
  } catch {
    memory.set(name, value);
  }
}

export function remove(name) {
  memory.delete(name);
  kept?.removeItem(name);
}

export function names(prefix) {
  const stored = kept ? Object.keys(kept) : [];
  return [...new Set([...stored, ...memory.keys()])].filter((n) => n.startsWith(prefix)).sort();
}
