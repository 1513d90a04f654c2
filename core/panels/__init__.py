"""Panels: files of a header and one SELECT, read here and shown by the window."""
