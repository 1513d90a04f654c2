// What the page itself says, in Spanish and in English.

const ES = {
  chats: "Chats", add: "Añadir", addTitle: "Nuevo cliente", name: "Nombre", phone: "Teléfono ficticio", hidden: "Oculta su número (solo BSUID)",
  create: "Crear cliente", cancel: "Cancelar", online: "en línea", typing: "escribiendo…", write: "Escribe un mensaje", send: "Enviar",
  attach: "Adjuntar", emoji: "Emoji", voice: "Nota de voz", back: "Volver a los chats", you: "Tú", faults: "Fallas a propósito", close: "Cerrar",
  photoFile: "Foto del dispositivo", camera: "Cámara", label: "Foto de una etiqueta", place: "Ubicación", sampleVoice: "Nota de voz de ejemplo",
  takePhoto: "Tomar foto", noCamera: "No hay cámara disponible.", noMic: "No hay micrófono: se envía una nota de ejemplo.", pickPlace: "Enviar ubicación",
  here: "Mi ubicación actual", noPlace: "No se pudo saber dónde estás.", sendPlace: "Enviar ubicación", newest: "Ir al último mensaje", dark: "Modo oscuro",
  light: "Modo claro", today: "Hoy", yesterday: "Ayer", photo: "Foto", audio: "Nota de voz", video: "Video", document: "Documento", sticker: "Sticker",
  location: "Ubicación", contacts: "Contacto", template: "Plantilla", unsupported: "Mensaje no compatible", sent: "enviado", delivered: "entregado", read: "leído",
  playing: "Reproducir", discard: "Descartar", recording: "Grabando", live: "Conectado", slow: "Conexión lenta", lost: "Sin conexión", unread: "sin leer",
  phoneOf: "El teléfono de", noNumber: "número oculto", hint: "Chat simulado: los mensajes pasan por el webhook real y firmado.", log: "Conversación con",
  say: "Escribe «Hola» para empezar", notSent: "No se pudo enviar.", clearFaults: "Quitar todas", resetAll: "Borrar todo", times: "veces", always: "siempre",
  faultsLead: "Enciende una falla y mira cómo responde el bot.", theme: "Cambiar tema", language: "Switch to English", toggle: "EN", people: "Clientes",
  caption: "Añade un comentario", open: "Abrir", contact: "Contacto", sendContact: "Enviar un contacto", react: "Reaccionar", takeBack: "quitar la reacción",
  profile: "Perfil de la empresa", of_phone: "Teléfono", of_about: "Información", of_description: "Descripción", of_hours: "Horario", of_address: "Dirección",
  of_email: "Correo", of_websites: "Sitio web",
  areYouSure: "¿Borrar todos los chats y fallas?", erase: "Borrar", businessReaction: "Reacción",
};
const EN = {
  chats: "Chats", add: "Add", addTitle: "New customer", name: "Name", phone: "Fictional phone", hidden: "Hides the number (BSUID only)",
  create: "Create customer", cancel: "Cancel", online: "online", typing: "typing…", write: "Type a message", send: "Send",
  attach: "Attach", emoji: "Emoji", voice: "Voice note", back: "Back to chats", you: "You", faults: "Faults on purpose", close: "Close",
  photoFile: "Photo from this device", camera: "Camera", label: "Photo of a label", place: "Location", sampleVoice: "Sample voice note",
  takePhoto: "Take photo", noCamera: "There is no camera.", noMic: "There is no microphone: a sample note is sent.", pickPlace: "Send location",
  here: "My current location", noPlace: "Your place could not be found.", sendPlace: "Send location", newest: "Go to the newest message", dark: "Dark mode",
  light: "Light mode", today: "Today", yesterday: "Yesterday", photo: "Photo", audio: "Voice note", video: "Video", document: "Document", sticker: "Sticker",
  location: "Location", contacts: "Contact", template: "Template", unsupported: "Message not supported", sent: "sent", delivered: "delivered", read: "read",
  playing: "Play", discard: "Discard", recording: "Recording", live: "Connected", slow: "Slow connection", lost: "Offline", unread: "unread",
  phoneOf: "The phone of", noNumber: "hidden number", hint: "A simulated chat: messages pass through the real, signed webhook.", log: "Conversation with",
  say: "Write “Hola” to begin", notSent: "Could not be sent.", clearFaults: "Clear all", resetAll: "Erase everything", times: "times", always: "always",
  faultsLead: "Switch on a fault and watch the bot cope.", theme: "Change theme", language: "Cambiar a español", toggle: "ES", people: "Customers",
  caption: "Add a caption", open: "Open", contact: "Contact", sendContact: "Send a contact", react: "React", takeBack: "take the reaction back",
  profile: "Business profile", of_phone: "Phone", of_about: "About", of_description: "Description", of_hours: "Hours", of_address: "Address",
  of_email: "E-mail", of_websites: "Website",
  areYouSure: "Erase all chats and faults?", erase: "Erase", businessReaction: "Reaction",
};

let language = localStorage.getItem("language") === "en" ? "en" : "es";

export const t = (name) => (language === "en" ? EN : ES)[name];
export const locale = () => (language === "en" ? "en-GB" : "es-MX");

export function switchLanguage() {
  language = language === "en" ? "es" : "en";
  localStorage.setItem("language", language);
  document.documentElement.lang = language;
}

document.documentElement.lang = language;
