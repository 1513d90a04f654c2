"""One conversation: what happened in it, where it stands, and what staff can do with it."""
