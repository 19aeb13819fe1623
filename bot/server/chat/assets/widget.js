// Puts a chat button on a host page:
//   <script src="https://…/chat/widget.js" data-line="shop" data-label="Chat with us" async></script>
// Styles live in a shadow root as a constructed sheet, so neither page's rules nor its
// Content-Security-Policy for styles get in the way.

(() => {
  const script = document.currentScript;
  if (!script || window.careline) return;
  const { line, label = "Chat with us", side = "right", color = "#0b5d57" } = script.dataset;
  const page = new URL("../chat?embed=1", script.src);
  if (line) page.searchParams.set("line", line);
  const OPEN = "careline:open";

  const css = `
    :host { all: initial; }
    button, iframe { position: fixed; z-index: 2147483000; border: 0; }
    button {
      bottom: max(16px, env(safe-area-inset-bottom)); min-height: 52px; padding: 0 22px;
      border-radius: 26px; background: var(--careline-color); color: #fff; cursor: pointer;
      font: 600 16px/1.2 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
      box-shadow: 0 4px 18px rgb(0 0 0 / 25%);
    }
    button:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px var(--careline-color); }
    .right { right: max(16px, env(safe-area-inset-right)); }
    .left { left: max(16px, env(safe-area-inset-left)); }
    iframe {
      bottom: 84px; width: 400px; height: min(640px, calc(100dvh - 108px));
      border-radius: 16px; background: #f5f2ea; box-shadow: 0 8px 40px rgb(0 0 0 / 28%);
      color-scheme: light dark;
    }
    @media (max-width: 480px) {
      iframe.left, iframe.right { inset: 0; width: 100%; height: 100dvh; border-radius: 0; }
      .open { display: none; }
    }
    [hidden] { display: none; }
  `;

  const button = document.createElement("button");
  button.type = "button";
  button.className = side === "left" ? "left" : "right";
  button.addEventListener("click", () => show(!isOpen()));
  let frame = null;

  const isOpen = () => Boolean(frame && !frame.hidden);

  function show(open, { focus = true } = {}) {
    if (open && !frame) frame = chat();
    if (frame) frame.hidden = !open;
    button.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
    say(open ? "Close chat" : label);
    if (!focus) return;
    remember(open);
    (open ? frame : button).focus();
  }

  function chat() {
    const made = document.createElement("iframe");
    made.src = page.href;
    made.title = label;
    made.className = button.className;
    // A frame that is still loading loses the focus it was given.
    made.addEventListener("load", () => root.activeElement === made && made.contentWindow.focus());
    root.append(made);
    return made;
  }

  function say(words) {
    button.textContent = words;
  }

  // The next page of the same visit shows the chat as it was left.
  function remember(open) {
    try {
      sessionStorage.setItem(OPEN, open ? "yes" : "no");
    } catch {
      // Storage is off: every page starts closed.
    }
  }

  function wasOpen() {
    try {
      return sessionStorage.getItem(OPEN) === "yes";
    } catch {
      return false;
    }
  }

  window.addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== page.origin) return;
    if (event.data?.careline === "close") show(false);
    if (event.data?.careline === "unread" && !isOpen()) say(`${label} – new message`);
  });

  const host = document.createElement("careline-chat");
  host.style.setProperty("--careline-color", color);
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  root.append(button);
  window.careline = { open: () => show(true), close: () => show(false) };

  function begin() {
    document.body.append(host);
    // On a phone the chat covers everything: there it opens only when asked to.
    const phone = window.matchMedia("(max-width: 480px)").matches;
    show(wasOpen() && !phone, { focus: false });
  }

  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
})();
