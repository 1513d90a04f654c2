"""Words of the page of a ticket, in every language that it speaks."""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, str]

WORDS: dict[str, Words] = {
    "es": {
        "pending": "Pendiente", "in_progress": "En proceso", "resolved": "Resuelto", "cancelled": "Cancelado",
        "opened": "Abierto", "resolved_at": "Resuelto", "steps": "Cómo va",
        "step_received": "Recibido", "step_assigned": "Asignado a una persona", "step_under_way": "En proceso",
        "step_solved": "Resuelto", "step_cancelled": "Cancelado", "reached": "hecho", "coming": "falta",
        "arrives": "Llegan hacia las {at}.", "calls": "Te contactan antes del {at}.",
        "usual": "Los casos como este suelen resolverse en {time}.", "unknown": "Te avisamos en la conversación en cuanto haya novedades.",
        "minutes": "unos {n} minutos", "hours": "unas {n} horas", "days": "unos {n} días",
        "added": "Lo que agregaste", "waiting": "Tu cambio llegó y se verá aquí en un momento.", "again": "Ver de nuevo",
        "told_added": "Listo: quedó en tu reporte.", "told_cancelled": "Listo: tu reporte quedó cancelado.",
        "told_people": "Alguien ya está con tu reporte: le avisamos que ya no lo necesitas, y te contesta en la conversación.",
        "add": "Agregar un detalle", "add_hint": "Algo que ayude a quien lo atiende. Sin contraseñas ni datos de tarjetas.", "send": "Agregar",
        "cancel": "Cancelar este reporte", "cancel_ask": "¿Cancelar {number}? Ya no iría nadie.", "cancel_yes": "Sí, cancelarlo",
        "write": "Escribir por WhatsApp", "note": "Esta página muestra el estado del ticket. Los datos personales están ocultos.",
        "hello": "Hola, necesito ayuda con el ticket {number}: {summary}",
        "too_many": "Son muchos cambios en poco tiempo. Inténtalo más tarde.",
    },
    "en": {
        "pending": "Pending", "in_progress": "In progress", "resolved": "Resolved", "cancelled": "Cancelled",
        "opened": "Opened", "resolved_at": "Resolved", "steps": "How it stands",
        "step_received": "Received", "step_assigned": "Assigned to a person", "step_under_way": "Under way",
        "step_solved": "Solved", "step_cancelled": "Cancelled", "reached": "done", "coming": "to come",
        "arrives": "They arrive at about {at}.", "calls": "You will be contacted before {at}.",
        "usual": "Cases like this are usually solved in {time}.", "unknown": "We tell you in the conversation as soon as there is news.",
        "minutes": "about {n} minutes", "hours": "about {n} hours", "days": "about {n} days",
        "added": "What you added", "waiting": "Your change has arrived, and is shown here in a moment.", "again": "Look again",
        "told_added": "Done: it is in your report.", "told_cancelled": "Done: your report is cancelled.",
        "told_people": "Somebody is at work on your report: we told them that you need it no more, and they answer in the conversation.",
        "add": "Add a detail", "add_hint": "Something that helps whoever looks after it. No passwords, no card numbers.", "send": "Add",
        "cancel": "Cancel this report", "cancel_ask": "Cancel {number}? Nobody would come any more.", "cancel_yes": "Yes, cancel it",
        "write": "Write on WhatsApp", "note": "This page shows how the ticket stands. Personal data is hidden.",
        "hello": "Hello, I need help with ticket {number}: {summary}",
        "too_many": "These are many changes in a short time. Try again later.",
    },
    "pt": {
        "pending": "Pendente", "in_progress": "Em andamento", "resolved": "Resolvido", "cancelled": "Cancelado",
        "opened": "Aberto", "resolved_at": "Resolvido", "steps": "Como está",
        "step_received": "Recebido", "step_assigned": "Com uma pessoa", "step_under_way": "Em andamento",
        "step_solved": "Resolvido", "step_cancelled": "Cancelado", "reached": "feito", "coming": "falta",
        "arrives": "Chegam por volta das {at}.", "calls": "Você será contatado antes de {at}.",
        "usual": "Casos como este costumam ser resolvidos em {time}.", "unknown": "Avisamos na conversa assim que houver novidades.",
        "minutes": "uns {n} minutos", "hours": "umas {n} horas", "days": "uns {n} dias",
        "added": "O que você acrescentou", "waiting": "Sua mudança chegou e aparece aqui em um momento.", "again": "Ver de novo",
        "told_added": "Pronto: está no seu chamado.", "told_cancelled": "Pronto: seu chamado foi cancelado.",
        "told_people": "Alguém já está com o seu chamado: avisamos que não precisa mais, e respondem na conversa.",
        "add": "Acrescentar um detalhe", "add_hint": "Algo que ajude quem atende. Sem senhas nem dados de cartões.", "send": "Acrescentar",
        "cancel": "Cancelar este chamado", "cancel_ask": "Cancelar {number}? Ninguém mais iria.", "cancel_yes": "Sim, cancelar",
        "write": "Escrever pelo WhatsApp", "note": "Esta página mostra como está o chamado. Os dados pessoais ficam ocultos.",
        "hello": "Olá, preciso de ajuda com o chamado {number}: {summary}",
        "too_many": "São muitas mudanças em pouco tempo. Tente mais tarde.",
    },
}  # fmt: skip
VOS = {"too_many": "Son muchos cambios en poco tiempo. Intentá más tarde."}


def words(language: str) -> Words:
    """The words of this language; of one that the page does not speak, the Spanish ones."""
    own = WORDS.get(language[:2], WORDS["es"])
    return {**own, **VOS} if language == "es-AR" else own
