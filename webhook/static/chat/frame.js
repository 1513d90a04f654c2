// The chat inside the frame of widget.js. What passes between the two is open, closed, and a number: nothing that was said.

export const framed = window.parent !== window && document.body.classList.contains("embedded");
let open = !framed;
const told = { unread: -1 };

export const isOpen = () => open && document.visibilityState === "visible";
const tell = (message) => framed && window.parent.postMessage({ turno: message }, "*");
export const close = () => tell("close");

export function unread(count) {
  if (count === told.unread) return;
  told.unread = count;
  tell({ unread: count });
}

export function watch(opened) {
  if (!framed) return;
  addEventListener("message", ({ source, data }) => {
    if (source !== window.parent || !["open", "closed"].includes(data?.turno)) return;
    open = data.turno === "open";
    if (open) opened();
  });
  addEventListener("keydown", (event) => event.key === "Escape" && !document.querySelector("dialog[open]") && close());
  tell("ready");
}
