// The light formatting of WhatsApp, as DOM nodes.

import { el } from "./el.js";

const MARKS = [
  [/```([\s\S]+?)```/, "code"],
  [/(?<![\p{L}\p{N}])\*(?=\S)([^*\n]*?\S)\*(?![\p{L}\p{N}])/u, "strong"],
  [/(?<![\p{L}\p{N}])_(?=\S)([^_\n]*?\S)_(?![\p{L}\p{N}])/u, "em"],
  [/(?<![\p{L}\p{N}])~(?=\S)([^~\n]*?\S)~(?![\p{L}\p{N}])/u, "s"],
];
const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)]/;

export function formatted(text) {
  const first = MARKS.map(([pattern, tag]) => ({ found: pattern.exec(text), tag })).filter((m) => m.found)
    .sort((a, b) => a.found.index - b.found.index)[0];
  if (!first) return linked(text);
  const { found, tag } = first;
  const inside = tag === "code" ? [found[1]] : formatted(found[1]);
  return [...linked(text.slice(0, found.index)), el(tag, {}, inside), ...formatted(text.slice(found.index + found[0].length))];
}

// A link with a whole message in it is no reading matter.
const LONG = 60;
const short = (link) => (link.length > LONG ? `${link.replace(/^https?:\/\//, "").split("?")[0].slice(0, LONG - 20)}…` : link);

function linked(text) {
  const found = LINK.exec(text);
  if (!found) return text ? [text] : [];
  const anchor = el("a", { href: found[0], target: "_blank", rel: "noopener noreferrer", title: found[0] }, short(found[0]));
  return [text.slice(0, found.index), anchor, ...linked(text.slice(found.index + found[0].length))];
}

// One to three emoji alone are drawn large.
const FACES = /^(?:\p{Emoji_Presentation}|\p{Emoji}\uFE0F|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200D)+$/u;
const pieces = (text) => (Intl.Segmenter ? [...new Intl.Segmenter().segment(text)] : Array.from(text));

export function jumbo(text) {
  const faces = (text ?? "").replace(/\s/g, "");
  return faces.length < 40 && FACES.test(faces) && pieces(faces).length <= 3 ? pieces(faces).length : 0;
}

export const plain = (text) => text.replace(/```/g, "").replace(/(^|\s)[*_~]|[*_~](?=\s|$|[.,;:!?])/g, "$1").replace(/\s+/g, " ");
