"""`python -m simulator --port 8001 --webhook http://127.0.0.1:8000/webhook`"""

from __future__ import annotations

import argparse
import signal
import sys
from threading import Thread
from types import FrameType

from core import settings
from simulator import app, serve


def main(arguments: list[str] | None = None) -> int:
    """Runs until SIGTERM or Ctrl-C; 2 when it may not or cannot start."""
    options = _options(arguments)
    try:
        application = app.create(settings.load(), options.webhook)
        server = serve.server(application, options.host, options.port)
    except settings.BadSettings as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except OSError as problem:
        print(f"The simulator cannot listen on {options.host}:{options.port}: {problem.strerror}", file=sys.stderr)
        return 2

    def stop(_signal: int, _frame: FrameType | None) -> None:
        Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"phone: http://{options.host}:{server.port}/simulator/", flush=True)
    server.serve_forever()
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulator", description="Meta and the customers' phones, for development.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--webhook", default="http://127.0.0.1:8000/webhook", help="URL that receives the webhooks")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
