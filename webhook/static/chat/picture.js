// Pictures that the desk shows: at an address of their own, or fetched with the session. One that cannot be had is left
// out, and its caption stays.

import { picture } from "./net.js";

const had = new Map();

// Where the picture of this line is; "" until it is there, and then `draw` is called.
export function source(line, session, draw) {
  const { url, name } = line.picture ?? {};
  if (url || !name) return url ?? "";
  if (!had.has(name)) {
    had.set(name, "");
    picture(name, session).then((place) => { had.set(name, place); draw(line); }, () => had.delete(name));
  }
  return had.get(name);
}
