"""Scheduled messages of a hotel: two reminders before a stay, the question afterwards, one about a quote left open."""
