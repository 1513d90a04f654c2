// What the page knows: people, businesses, chats, and which one is open. Changes come in, views are told.

import * as net from "./net.js";

export const store = {
  businesses: [], customers: [], faultKinds: [], faults: [],
  chats: new Map(), customer: null, number: null, open: false, link: "slow",
};

const views = new Set();
export const watch = (view) => views.add(view);
const tell = (what) => views.forEach((view) => view(what));

const key = (number, customer) => `${number} ${customer}`;

export function chatOf(number, customer) {
  const name = key(number, customer);
  if (!store.chats.has(name)) store.chats.set(name, { bubbles: null, unread: 0, last: null, typingUntil: 0 });
  return store.chats.get(name);
}

export const current = () => chatOf(store.number, store.customer);
export const business = () => store.businesses.find((b) => b.number === store.number);
export const person = () => store.customers.find((c) => c.id === store.customer);
export const unreadOf = (customer) => store.businesses.reduce((sum, b) => sum + chatOf(b.number, customer).unread, 0);

export async function load() {
  const told = await net.config();
  Object.assign(store, { businesses: told.businesses, customers: told.customers, faultKinds: told.fault_kinds, faults: told.faults });
  store.chats.clear();
  for (const chat of told.chats) {
    Object.assign(chatOf(chat.number, chat.customer), { unread: chat.unread, last: chat.last });
  }
  return told.seq;
}

let wanted = null;

// The page changes over when everything is there: what is typed in between stays where it was typed.
export async function choose(customer, number, { open = store.open } = {}) {
  const mine = wanted = {};
  const chat = chatOf(number, customer);
  if (!chat.bubbles) {
    const told = await net.transcript(customer, number);
    chat.bubbles ??= told.bubbles;
    chat.last = chat.bubbles.at(-1) ?? chat.last;
  }
  if (mine !== wanted) return;
  Object.assign(store, { customer, number, open });
  tell("chosen");
  lookedAt();
}

// The customer sees the chat only while the page is visible and the chat is on the screen.
export function lookedAt() {
  if (!store.customer || document.hidden) return;
  const visible = store.open || window.matchMedia("(min-width: 761px)").matches;
  if (visible && current().unread) net.seen(store.customer, store.number).catch(() => {});
}

export function setLink(state) { store.link = state; tell("link"); }

const HEARD = {
  bubble({ number, customer, bubble }) {
    const chat = chatOf(number, customer);
    if (chat.bubbles && !chat.bubbles.some((known) => known.id === bubble.id && known.seq === bubble.seq)) chat.bubbles.push(bubble);
    chat.last = bubble;
    if (bubble.from === "business") { chat.unread += 1; chat.typingUntil = 0; }
    tell("bubble");
    if (number === store.number && customer === store.customer) lookedAt();
  },
  tick({ number, customer, id, tick }) {
    const chat = chatOf(number, customer);
    for (const bubble of [...(chat.bubbles ?? []), chat.last]) if (bubble?.id === id) bubble.tick = tick;
    tell("tick");
  },
  reaction({ number, customer, id, reactions }) {
    const found = chatOf(number, customer).bubbles?.find((bubble) => bubble.id === id);
    if (found) found.reactions = reactions;
    tell("reaction");
  },
  typing({ number, customer, until }) {
    chatOf(number, customer).typingUntil = until;
    tell("typing");
    setTimeout(() => tell("typing"), Math.max(0, until - Date.now()) + 50);
  },
  seen({ number, customer }) { chatOf(number, customer).unread = 0; tell("seen"); },
  customer({ customer }) {
    if (!store.customers.some((known) => known.id === customer.id)) store.customers.push(customer);
    tell("people");
  },
  faults({ faults }) { store.faults = faults; tell("faults"); },
  async reset() {
    await load();
    const known = store.customers.some((c) => c.id === store.customer);
    await choose(known ? store.customer : store.customers[0].id, store.number);
  },
};

export const heard = (change) => HEARD[change.event]?.(change);
