"""Promises to a customer: a price (`quotes`), a place that is kept (`holds`), and a place that is booked (`bookings`)."""
