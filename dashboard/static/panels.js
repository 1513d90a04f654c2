// Renews each panel as often as its file says: not while the page is hidden, nor while somebody reads inside it.
(() => {
  "use strict";
  const LOOK_EVERY_MS = 1000;
  const renewed = new WeakMap();

  const at_rest = (panel) =>
    !panel.contains(document.activeElement) && !panel.matches(":hover") &&
    !panel.querySelector("details[open]") && !panel.classList.contains("htmx-request");

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

  document.addEventListener("htmx:afterSwap", (event) => renewed.set(event.target, performance.now()));
  document.addEventListener("htmx:sendError", (event) => renewed.set(event.target, performance.now()));
  document.addEventListener("visibilitychange", () => renew(performance.now()));
  setInterval(() => renew(performance.now()), LOOK_EVERY_MS);

  for (const select of document.querySelectorAll("form.range:not(.own) select")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
})();
