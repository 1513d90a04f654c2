// A photo over the whole page. Escape, a press beside it and its button close it; the focus goes back by itself.

import { el, svg } from "./el.js";

export function view(source, alt, closeWord) {
  const cross = svg("0 0 24 24", [["path", { d: "M6 6l12 12M18 6L6 18" }]], "icon");
  const close = el("button", { class: "shut", type: "button", "aria-label": closeWord, title: closeWord, onclick: () => box.close() }, cross);
  const box = el("dialog", { class: "viewer", "aria-label": alt }, el("img", { src: source, alt, referrerpolicy: "no-referrer" }), close);
  box.addEventListener("click", (event) => event.target === box && box.close());
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

// A photo in a bubble, which opens.
export const photo = (source, alt, words) => el("button", { class: "shows", type: "button", "aria-label": `${words.open}: ${alt}`, onclick: () => view(source, alt, words.close) },
  el("img", { class: "photo", src: source, alt, loading: "lazy", referrerpolicy: "no-referrer" }));
