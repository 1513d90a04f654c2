"""The development runner: everything of Turno in one terminal (`make run`).

Programs that are started here end here. Ctrl-C, SIGTERM and SIGHUP stop all of it, in order, and when the runner itself is
killed the keeper (`keeper.py`) does it instead.
"""
