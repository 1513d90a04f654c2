// A question that must be answered before something is done: true when it may be.

import { el } from "./look/el.js";

export function ask(question, told, yes, no) {
  return new Promise((answer) => {
    const box = el("dialog", { class: "ask", "aria-labelledby": "ask" },
      el("form", { method: "dialog" }, el("h2", { id: "ask" }, question), el("p", {}, told),
        el("div", { class: "answers" }, el("button", { class: "quiet", value: "" }, no), el("button", { class: "loud", value: "yes" }, yes))));
    box.addEventListener("close", () => { box.remove(); answer(box.returnValue === "yes"); });
    document.body.append(box);
    box.showModal();
  });
}
