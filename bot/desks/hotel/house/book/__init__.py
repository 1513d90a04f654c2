"""The house book: a house without a system of its own, kept in our PostgreSQL."""
