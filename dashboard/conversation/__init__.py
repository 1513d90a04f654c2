"""One conversation: its history, its state, and the actions of staff."""
