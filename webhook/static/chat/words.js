// What the page itself says. What the desk says comes from the desk.

const WORDS = {
  es: {
    write: "Escribe un mensaje", send: "Enviar", photo: "Enviar una foto", online: "en línea", offline: "Sin conexión: lo que escribas se enviará después",
    typing: "escribiendo…", waiting: "Enviando…", sent: "Enviado", read: "Leído", failed: "No se pudo enviar", again: "Reintentar", restart: "Empezar de nuevo", menu: "Opciones",
    slow: "Vas muy rápido. Espera {s} segundos.", crowded: "Hay mucha gente en el chat. Lo intento de nuevo en {s} segundos.",
    ended: "Esta conversación terminó. Empecemos otra.", wrong_photo: "No puedo leer ese archivo. Envía una foto JPG o PNG.", large_photo: "La foto es demasiado grande.",
    many_photos: "Ya enviaste todas las fotos que caben en esta conversación.",
    trouble: "Tengo un problema para conectarme. Lo intento de nuevo.", drop: "Suelta la foto aquí", today: "hoy", log: "Conversación", you: "Tú", sending_photo: "Enviando la foto",
  },
  en: {
    write: "Write a message", send: "Send", photo: "Send a photo", online: "online", offline: "No connection: what you write is sent later",
    typing: "typing…", waiting: "Sending…", sent: "Sent", read: "Read", failed: "Not sent", again: "Try again", restart: "Start over", menu: "Options",
    slow: "That was fast. Wait {s} seconds.", crowded: "Many people are in the chat. Trying again in {s} seconds.",
    ended: "This conversation is over. Let's begin a new one.", wrong_photo: "This file cannot be read. Send a JPG or PNG photo.", large_photo: "The photo is too large.",
    many_photos: "You have sent as many photos as this conversation takes.",
    trouble: "There is trouble with the connection. Trying again.", drop: "Drop the photo here", today: "today", log: "Conversation", you: "You", sending_photo: "Sending the photo",
  },
};

// Those who say “vos” say these otherwise.
const VOS = {
  write: "Escribí un mensaje", slow: "Vas muy rápido. Esperá {s} segundos.", drop: "Soltá la foto acá", you: "Vos",
  wrong_photo: "No puedo leer ese archivo. Enviá una foto JPG o PNG.",
};

let chosen = WORDS.es;
export const speak = (language) => {
  chosen = language?.startsWith("en") ? WORDS.en : language === "es-AR" ? { ...WORDS.es, ...VOS } : WORDS.es;
};
export const t = (key, given = {}) => (chosen[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => given[name] ?? "");
