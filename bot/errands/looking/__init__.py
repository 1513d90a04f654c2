"""Examination of one photo in a sandboxed process: a customer's file may be an exploit.

`python -m bot.errands.looking` reads a file from standard input and answers one line of JSON, followed by the
picture to keep. It knows no secret, no network and no database; `bot/errands/media_look.py` starts it and ends it.
"""
