"""Error answers of `/api/…`: JSON in one shape, with the reason and `Retry-After`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, jsonify
from psycopg import DataError
from werkzeug.exceptions import HTTPException

from core import telemetry
from core.errors import Busy, Refused, TurnoError
from core.telemetry import log
from webhook.webchat.chat import Crowded
from webhook.webchat.limits import TooMany

View = Callable[..., Any]

ERRORS = {
    "BadBody": "bad_request",
    "BadSession": "bad_session",
    "FieldTooLong": "field_too_long",
    "NothingSaid": "nothing_said",
    "Forbidden": "forbidden",
    "UnknownSession": "session_not_found",
    "NoDesk": "no_desk",
    "Crowded": "concurrent_user_limit",
    "TooMany": "rate_limit",
    "TooSlow": "too_slow",
    "Busy": "try_again",
    "TooLarge": "payload_too_large",
    "NoPhoto": "no_image",
    "UnfitPhoto": "image_size",
    "ManyPhotos": "too_many_images",
    "PhotoTooLarge": "payload_too_large",
    "NoTicket": "ticket_not_found",
    "NoKey": "unauthorized",
    "NoLog": "no_log",
    "NoConsent": "consent_required",
    "NoEraser": "erasure_not_set_up",
    "ManyFollow": "sse_clients_limit",
}
LATER_S = 2


def answered(view: View) -> View:
    """The view's answer as JSON; a refusal as what was refused."""

    @wraps(view)
    def asked(*args: Any, **kwargs: Any) -> Response:
        try:
            answer = view(*args, **kwargs)
        except Refused as no:
            return refused(no)
        except HTTPException:
            raise
        except DataError as error:
            log.warning("webchat.unfit", error=type(error).__name__)
            return refusal("bad_request", 400)
        except TurnoError as error:
            log.error("webchat.closed", error=str(error))
            return refusal("try_again", 503, retry_after_s=LATER_S)
        return answer if isinstance(answer, Response) else jsonify(answer)

    return asked


def refusal(code: str, status: int, *, retry_after_s: int | None = None, **more: Any) -> Response:
    content = {"ok": False, "valid": False, "error": code, "error_code": code, **more}
    if retry_after_s is not None:
        content["retryAfter"] = retry_after_s
    answer = jsonify(content)
    answer.status_code = status
    if retry_after_s is not None:
        answer.headers["Retry-After"] = str(retry_after_s)
    return answer


def refused(refused: Refused) -> Response:
    """The answer to what was refused."""
    telemetry.refused(type(refused).__name__)
    code = ERRORS.get(type(refused).__name__, "bad_request")
    if isinstance(refused, TooMany):
        return refusal(f"{refused.name}_{code}", 429, retry_after_s=refused.retry_after_s)
    if isinstance(refused, Crowded):
        return refusal(code, 503, retry_after_s=60, activeUsers=refused.people, maxUsers=refused.most)
    return refusal(code, refused.status, retry_after_s=LATER_S if refused.status == Busy.status else None)
