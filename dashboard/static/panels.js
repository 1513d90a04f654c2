// Renews each panel as often as its file says: not while the page is hidden, nor while somebody reads inside it, nor
// when somebody went inside while the answer was on its way.
(() => {
  "use strict";
  const LOOK_EVERY_MS = 1000;
  const renewed = new WeakMap();

  const in_use = (panel) => panel.contains(document.activeElement) || panel.querySelector("details[open]");
  const at_rest = (panel) => !in_use(panel) && !panel.matches(":hover") && !panel.classList.contains("htmx-request");

  const renew = (now) => {
    if (document.hidden) return;
    for (const panel of document.querySelectorAll("[data-refresh]")) {
      const every = Number(panel.dataset.refresh) * 1000;
      if (every && now - (renewed.get(panel) ?? now) >= every && at_rest(panel)) {
        renewed.set(panel, now);
        window.htmx.trigger(panel, "refresh");
      }
    }
  };

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.matches("[data-refresh]") && in_use(event.target)) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterSwap", (event) => renewed.set(event.target, performance.now()));
  document.addEventListener("htmx:sendError", (event) => renewed.set(event.target, performance.now()));
  document.addEventListener("visibilitychange", () => renew(performance.now()));
  setInterval(() => renew(performance.now()), LOOK_EVERY_MS);

  // A choice by mouse or finger is shown at once; who goes through the choices with the keyboard presses Enter, or Show.
  for (const select of document.querySelectorAll("form.range:not(.own) select")) {
    let by_key = false;
    select.addEventListener("pointerdown", () => { by_key = false; });
    select.addEventListener("keydown", (event) => {
      by_key = true;
      if (event.key === "Enter") { event.preventDefault(); select.form.requestSubmit(); }
    });
    select.addEventListener("change", () => by_key || select.form.requestSubmit());
  }
})();
