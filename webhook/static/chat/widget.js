// <script src="https://…/chat/widget.js" data-desk="field-service" async></script>: a button that opens the chat.
// The chat itself lives in a frame of ours, so nothing of the site reaches it and nothing of it reaches the site.
// data-hello="…" is what the button says after a moment ("" : nothing), data-language the language of both.
(() => {
  const tag = document.currentScript;
  const home = new URL(tag.src).origin;
  const desk = tag.dataset.desk ?? "";
  const WORDS = {
    es: { open: "Abrir el chat", close: "Cerrar el chat", title: "Chat", hello: "👋 ¿Necesitas ayuda? Escríbenos.", away: "Cerrar el saludo", unread: "mensajes sin leer" },
    en: { open: "Open the chat", close: "Close the chat", title: "Chat", hello: "👋 Do you need help? Write to us.", away: "Close the greeting", unread: "unread messages" },
    pt: { open: "Abrir o chat", close: "Fechar o chat", title: "Chat", hello: "👋 Precisa de ajuda? Escreva para nós.", away: "Fechar a saudação", unread: "mensagens não lidas" },
  };
  const asked = [tag.dataset.language, navigator.language, document.documentElement.lang].map((one) => (one || "").slice(0, 2));
  const words = WORDS[asked.find((one) => one in WORDS) ?? "es"];
  const HELLO_AFTER_MS = Number(tag.dataset.helloAfter ?? 4) * 1000;
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; font: 15px/1.4 "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif; }
    button { font: inherit; border: 0; cursor: pointer; }
    button:focus-visible { outline: 3px solid #12a67c; outline-offset: 3px; }
    .launch { position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; width: 60px; height: 60px; border-radius: 50%;
      background: #0b7a5f; color: #fff; box-shadow: 0 6px 22px rgb(0 0 0 / 28%); display: grid; place-items: center; }
    svg { width: 30px; height: 30px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    .badge { position: absolute; top: -4px; right: -4px; min-width: 22px; height: 22px; padding: 0 6px; box-sizing: border-box; border-radius: 11px;
      display: grid; place-items: center; background: #c62828; color: #fff; font-size: 12.5px; font-weight: 700; border: 2px solid #fff; }
    .hello { position: fixed; right: 20px; bottom: 92px; z-index: 2147483000; display: flex; align-items: flex-start; max-width: min(280px, calc(100vw - 40px));
      background: #fff; color: #111b21; border-radius: 14px 14px 4px 14px; box-shadow: 0 6px 22px rgb(0 0 0 / 24%); }
    .hello .says { padding: 12px 4px 12px 16px; background: none; color: inherit; text-align: left; border-radius: inherit; }
    .hello .away { flex: none; width: 40px; height: 40px; background: none; color: #51626b; border-radius: 50%; }
    .hello .away svg { width: 16px; height: 16px; }
    iframe { position: fixed; right: 20px; bottom: 92px; z-index: 2147483000; width: min(400px, calc(100vw - 40px)); height: min(640px, calc(100vh - 120px));
      border: 0; border-radius: 16px; box-shadow: 0 12px 42px rgb(0 0 0 / 32%); background: #0c1317; color-scheme: light dark; }
    [hidden] { display: none !important; }
    @media (prefers-color-scheme: dark) { .hello { background: #202c33; color: #e9edef; } .hello .away { color: #9fb0b9; } .badge { border-color: #111b21; } }
    @media (max-width: 480px), (max-height: 480px) {
      iframe { inset: 0; width: 100vw; height: 100dvh; border-radius: 0; }
      .open .launch { display: none; }
      .launch { right: 14px; bottom: 14px; } .hello { right: 14px; bottom: 84px; }
    }
    @media (prefers-reduced-motion: no-preference) { iframe, .hello { animation: rise .18s ease-out; } @keyframes rise { from { opacity: 0; transform: translateY(12px); } } }`);
  root.adoptedStyleSheets = [sheet];

  const make = (name, given, ...children) => {
    const made = Object.assign(document.createElement(name), given);
    made.append(...children);
    return made;
  };
  const icon = (shape) => {
    const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", shape);
    drawn.setAttribute("viewBox", "0 0 24 24");
    drawn.setAttribute("aria-hidden", "true");
    drawn.append(path);
    return drawn;
  };
  const CROSS = "M6 6l12 12M18 6L6 18", BUBBLE = "M4 5h16v11H11l-4 4v-4H4z";

  // What this site keeps of its visitor: that they have been in the chat, or want no greeting.
  const kept = {
    get: (name) => { try { return localStorage.getItem(`turno-widget:${desk}:${name}`); } catch { return null; } },
    set: (name) => { try { localStorage.setItem(`turno-widget:${desk}:${name}`, "1"); } catch { /* nothing is kept */ } },
  };
  const button = make("button", { type: "button", className: "launch" });
  const frameOf = () => make("iframe", { title: words.title, allow: "camera", hidden: true });
  const box = make("div", {}, button);
  let frame = null, ready = false, open = false, unread = 0, hello = null;

  function draw() {
    box.className = open ? "open" : "";
    button.replaceChildren(icon(open ? CROSS : BUBBLE), ...(unread && !open ? [make("span", { className: "badge", ariaHidden: "true" }, unread > 9 ? "9+" : String(unread))] : []));
    button.setAttribute("aria-label", open ? words.close : unread ? `${words.open}: ${unread} ${words.unread}` : words.open);
    button.setAttribute("aria-expanded", String(open));
  }

  // Until the frame says that it is ready, nobody of ours is in it.
  const tell = (message) => ready && frame.contentWindow.postMessage({ turno: message }, home);

  function load() {
    if (frame) return;
    frame = frameOf();
    const language = tag.dataset.language;
    frame.src = `${home}/chat/?${new URLSearchParams({ embedded: "1", ...(desk && { desk }), ...(language && { language }) })}`;
    box.prepend(frame);
  }

  function toggle() {
    load();
    open = !open;
    frame.hidden = !open;
    hello?.remove();
    kept.set("opened");
    draw();
    tell(open ? "open" : "closed");
    if (open) frame.focus();
    else button.focus();
  }

  function greet() {
    const text = tag.dataset.hello ?? words.hello;
    if (open || !text || kept.get("opened") || kept.get("away")) return;
    const away = make("button", { type: "button", className: "away", ariaLabel: words.away, onclick: () => { hello.remove(); kept.set("away"); button.focus(); } }, icon(CROSS));
    hello = make("div", { className: "hello", role: "status" }, make("button", { type: "button", className: "says", onclick: toggle }, text), away);
    box.append(hello);
  }

  addEventListener("message", ({ source, origin, data }) => {
    if (!frame || source !== frame.contentWindow || origin !== home || !data?.turno) return;
    ready = true;
    if (data.turno === "ready") tell(open ? "open" : "closed");
    else if (data.turno === "close" && open) toggle();
    else if (Number.isInteger(data.turno.unread)) { unread = data.turno.unread; draw(); }
  });
  button.type = "button";
  button.addEventListener("click", toggle);
  host.addEventListener("keydown", (event) => { if (event.key === "Escape" && open) toggle(); });
  draw();
  root.append(box);
  document.body.append(host);
  if (kept.get("opened")) addEventListener("load", load, { once: true });
  else setTimeout(greet, HELLO_AFTER_MS);
})();
