// <script src="https://…/chat/widget.js" data-desk="field-service" async></script>: a button that opens the chat.
// The chat itself lives in a frame of ours, so nothing of the site reaches it and nothing of it reaches the site.
(() => {
  const tag = document.currentScript;
  const home = new URL(tag.src).origin;
  const english = (tag.dataset.language || document.documentElement.lang || "es").startsWith("en");
  const words = english ? { open: "Open the chat", close: "Close the chat", title: "Chat" } : { open: "Abrir el chat", close: "Cerrar el chat", title: "Chat" };
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    button { position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; width: 60px; height: 60px; border: 0; border-radius: 50%;
      background: #0b7a5f; color: #fff; cursor: pointer; box-shadow: 0 6px 22px rgb(0 0 0 / 28%); display: grid; place-items: center; }
    button:focus-visible { outline: 3px solid #12a67c; outline-offset: 3px; }
    svg { width: 30px; height: 30px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    iframe { position: fixed; right: 20px; bottom: 92px; z-index: 2147483000; width: min(400px, calc(100vw - 40px)); height: min(640px, calc(100vh - 120px));
      border: 0; border-radius: 16px; box-shadow: 0 12px 42px rgb(0 0 0 / 32%); background: #0c1317; color-scheme: light dark; }
    iframe[hidden] { display: none; }
    @media (max-width: 480px) { iframe { inset: 0; width: 100vw; height: calc(100dvh - 76px); border-radius: 0; } button { right: 12px; bottom: 8px; } }
    @media (prefers-reduced-motion: no-preference) { iframe { animation: rise .18s ease-out; } @keyframes rise { from { opacity: 0; transform: translateY(12px); } } }`);
  root.adoptedStyleSheets = [sheet];
  const button = document.createElement("button");
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  icon.append(path);
  button.append(icon);
  let frame = null;

  function draw(open) {
    path.setAttribute("d", open ? "M6 6l12 12M18 6L6 18" : "M4 5h16v11H11l-4 4v-4H4z");
    button.setAttribute("aria-label", open ? words.close : words.open);
    button.setAttribute("aria-expanded", String(open));
  }

  function toggle() {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = words.title;
      frame.allow = "camera";
      const query = new URLSearchParams({ embedded: "1", ...(tag.dataset.desk && { desk: tag.dataset.desk }), ...(tag.dataset.language && { language: tag.dataset.language }) });
      frame.src = `${home}/chat/?${query}`;
      root.append(frame);
      draw(true);
      return;
    }
    frame.hidden = !frame.hidden;
    draw(!frame.hidden);
  }

  button.type = "button";
  button.addEventListener("click", toggle);
  host.addEventListener("keydown", (event) => { if (event.key === "Escape" && frame && !frame.hidden) { toggle(); button.focus(); } });
  draw(false);
  root.append(button);
  document.body.append(host);
})();
