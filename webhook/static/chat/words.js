// What the page itself says. What the desk says comes from the desk.

const WORDS = {
  es: {
    write: "Escribe un mensaje", send: "Enviar", photo: "Foto", send_photo: "Enviar una foto", open_photo: "Abrir", close: "Cerrar", close_chat: "Cerrar el chat",
    offline: "sin conexión", offline_long: "Sin conexión. Lo que escribas se enviará cuando vuelva.",
    typing: "escribiendo…", waiting: "Enviando…", sent: "Enviado", delivered: "Recibido", read: "Leído", restart: "Empezar de nuevo",
    restart_ask: "¿Empezar de nuevo?", restart_tell: "Esta conversación se guarda: podrás volver a ella.", cancel: "Cancelar",
    restarted: "Empezaste de nuevo.", undo: "Volver a la conversación anterior",
    slow: "Vas muy rápido. Espera {s} segundos.", crowded: "Hay mucha gente en el chat. Lo intento de nuevo en {s} segundos.",
    ended: "Esta conversación terminó. Empecemos otra.", wrong_photo: "No puedo leer ese archivo. Envía una foto JPG o PNG.", large_photo: "La foto es demasiado grande.",
    many_photos: "Ya enviaste todas las fotos que caben en esta conversación.", failed: "No se pudo enviar.",
    trouble: "Tengo un problema para conectarme. Lo intento de nuevo.", drop: "Suelta la foto aquí", log: "Conversación", you: "Tú", sending_photo: "Enviando la foto",
    at_once: "Responde al momento", people_until: "Personas hasta las {time}", people_from: "Personas desde {day} {time}", today: "hoy", tomorrow: "mañana",
    minutes: "contestan en unos {n} min", hours: "contestan en unas {n} h", calls: "te llaman en menos de {n} h",
  },
  en: {
    write: "Write a message", send: "Send", photo: "Photo", send_photo: "Send a photo", open_photo: "Open", close: "Close", close_chat: "Close the chat",
    offline: "offline", offline_long: "No connection. What you write is sent when it is back.",
    typing: "typing…", waiting: "Sending…", sent: "Sent", delivered: "Received", read: "Read", restart: "Start over",
    restart_ask: "Start over?", restart_tell: "This conversation is kept: you can come back to it.", cancel: "Cancel",
    restarted: "You started over.", undo: "Back to the conversation before",
    slow: "That was fast. Wait {s} seconds.", crowded: "Many people are in the chat. Trying again in {s} seconds.",
    ended: "This conversation is over. Let's begin a new one.", wrong_photo: "This file cannot be read. Send a JPG or PNG photo.", large_photo: "The photo is too large.",
    many_photos: "You have sent as many photos as this conversation takes.", failed: "It could not be sent.",
    trouble: "There is trouble with the connection. Trying again.", drop: "Drop the photo here", log: "Conversation", you: "You", sending_photo: "Sending the photo",
    at_once: "Answers at once", people_until: "People until {time}", people_from: "People from {day} {time}", today: "today", tomorrow: "tomorrow",
    minutes: "they answer in about {n} min", hours: "they answer in about {n} h", calls: "they call within {n} h",
  },
  pt: {
    write: "Escreva uma mensagem", send: "Enviar", photo: "Foto", send_photo: "Enviar uma foto", open_photo: "Abrir", close: "Fechar", close_chat: "Fechar o chat",
    offline: "sem conexão", offline_long: "Sem conexão. O que você escrever será enviado quando ela voltar.",
    typing: "digitando…", waiting: "Enviando…", sent: "Enviado", delivered: "Recebido", read: "Lido", restart: "Começar de novo",
    restart_ask: "Começar de novo?", restart_tell: "Esta conversa fica guardada: você pode voltar a ela.", cancel: "Cancelar",
    restarted: "Você começou de novo.", undo: "Voltar à conversa anterior",
    slow: "Você foi rápido. Espere {s} segundos.", crowded: "Há muita gente no chat. Tento de novo em {s} segundos.",
    ended: "Esta conversa terminou. Vamos começar outra.", wrong_photo: "Não consigo ler esse arquivo. Envie uma foto JPG ou PNG.", large_photo: "A foto é grande demais.",
    many_photos: "Você já enviou todas as fotos que cabem nesta conversa.", failed: "Não foi possível enviar.",
    trouble: "Estou com problemas de conexão. Tento de novo.", drop: "Solte a foto aqui", log: "Conversa", you: "Você", sending_photo: "Enviando a foto",
    at_once: "Responde na hora", people_until: "Pessoas até as {time}", people_from: "Pessoas a partir de {day} {time}", today: "hoje", tomorrow: "amanhã",
    minutes: "respondem em uns {n} min", hours: "respondem em umas {n} h", calls: "ligam em menos de {n} h",
  },
};

// Those who say “vos” say these otherwise.
const VOS = {
  write: "Escribí un mensaje", slow: "Vas muy rápido. Esperá {s} segundos.", drop: "Soltá la foto acá", you: "Vos",
  wrong_photo: "No puedo leer ese archivo. Enviá una foto JPG o PNG.",
};

let chosen = WORDS.es;
let spoken = "es";

// Says whether the page must be drawn anew.
export function speak(language) {
  const [wanted] = (language || "es").split("-");
  const words = language === "es-AR" ? { ...WORDS.es, ...VOS } : (WORDS[wanted] ?? WORDS.es);
  if (words.write === chosen.write && document.documentElement.lang === language) return false;
  [chosen, spoken] = [words, language || "es"];
  document.documentElement.lang = spoken;
  return true;
}
export const t = (key, given = {}) => (chosen[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => given[name] ?? "");
export const locale = () => spoken;
