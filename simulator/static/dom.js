// Elements, icons and faces.

import { el, svg } from "../look/el.js";

export { el, svg };

const PATHS = {
  add: "M12 5v14M5 12h14",
  attach: "M12 5v14M5 12h14",
  back: "M15 5l-7 7 7 7",
  bug: "M8 9a4 4 0 0 1 8 0M7 9h10v5a5 5 0 0 1-10 0zM12 9v10M3 12h4M17 12h4M4 6l3 3M20 6l-3 3M4 19l3-3M20 19l-3-3",
  camera: "M4 8h3l2-3h6l2 3h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1zM12 17a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  close: "M6 6l12 12M18 6L6 18",
  desktop: "M3 5h18v11H3zM9 20h6M12 16v4",
  down: "M6 9l6 6 6-6",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01",
  label: "M4 6h16v12H4zM7 9v6M9.5 9v6M12 9v6M14 9v6M17 9v6",
  list: "M8 7h12M8 12h12M8 17h12M4 7h.01M4 12h.01M4 17h.01",
  hotel: "M4 20V5h10v15M14 10h6v10M8 9h2M8 13h2M17 14h.01M17 17h.01M2 20h20M8 20v-3h2v3",
  screen: "M5 5h14v10H5zM2 19h20l-2-4H4z",
  cabinet: "M6 3h12v18H6zM6 10h12M9 6v2M9 13v3",
  shop: "M4 10v10h16V10M3 10l2-6h14l2 6M9 20v-6h6v6",
  link: "M10 14l9-9M13 5h6v6M18 14v5H5V6h5",
  mic: "M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zM6 11v1a6 6 0 0 0 12 0v-1M12 18v3",
  moon: "M20 14A8 8 0 1 1 10 4a6.5 6.5 0 0 0 10 10z",
  pause: "M8 5v14M16 5v14",
  heart: "M12 20s-7-4.600-7-10a4 4 0 0 1 7-2.600A4 4 0 0 1 19 10c0 5.400-7 10-7 10z",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20a8 8 0 0 1 16 0",
  pin: "M12 21c-4.5-6-7-9.300-7-12a7 7 0 0 1 14 0c0 2.700-2.500 6-7 12zM12 11.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  play: "M8 5l11 7-11 7z",
  reply: "M9 7l-5 5 5 5M4 12h9a7 7 0 0 1 7 7",
  send: "M5 12L4 4l17 8-17 8 1-8zM5 12h8",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.500 14a4.200 4.200 0 0 0 7 0M9 9.500h.01M15 9.500h.01",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500L19 19M5 19l1.500-1.500M17.500 6.500L19 5",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  verified: "M12 2.500l2.600 2 3.200-.2.800 3.100 2.700 1.800-1.200 3 1.200 3-2.700 1.800-.8 3.100-3.200-.2-2.600 2-2.600-2-3.200.2-.8-3.100-2.700-1.800 1.200-3-1.200-3 2.700-1.800.8-3.100 3.200.2zM8.500 12l2.500 2.500 4.500-4.800",
};

export const icon = (name) => svg("0 0 24 24", [["path", { d: PATHS[name] }]], "icon");

const BUSINESS_ICONS = { "100000000000001": "cabinet", "100000000000002": "screen", "100000000000003": "hotel" };
const BUSINESS_COLOURS = { "100000000000001": 0, "100000000000002": 1, "100000000000003": 2 };

export function businessFace(number) {
  const colour = BUSINESS_COLOURS[number] ?? 5;
  return el("span", { class: `face c${colour}`, "aria-hidden": "true" }, icon(BUSINESS_ICONS[number] ?? "shop"));
}

export function personFace(customer) {
  const initials = customer.name.split(/\s+/).slice(0, 2).map((word) => Array.from(word)[0] ?? "").join("");
  const colour = Array.from(customer.id).reduce((sum, letter) => sum + letter.codePointAt(0), 2) % 6;
  return el("span", { class: `face c${colour}`, "aria-hidden": "true" }, initials.toUpperCase());
}
