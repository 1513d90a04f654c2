"""Looking into one photo, in a process of its own: what a customer sends may be made to break whoever opens it.

`python -m bot.errands.looking` reads a file from standard input and answers one line of JSON, followed by the
picture to keep. It knows no secret, no network and no database; `bot/errands/media_look.py` starts it and ends it.
"""
