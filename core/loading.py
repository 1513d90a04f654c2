"""The garbage collector while a process starts: what is loaded then is no garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept() -> Iterator[None]:
    """Everything loaded meanwhile stays for good: the collector neither runs, nor looks at it ever again.

    Modules, tables and words are hundreds of thousands of objects. Looking through them again and again while they come
    takes a sixth of the start; processes that are forked later share them only as long as nobody touches them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
