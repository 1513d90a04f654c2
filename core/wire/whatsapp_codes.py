"""Meta's error codes: how we treat each, in one table.

slow      the number must wait; nothing was done
patience  this one customer must wait; nothing was done
again     Meta's own trouble; nothing was done, trying again may work
stop      the number may not send: a person must look
window    the 24 hours are over
never     this message will never go

Meta: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
"""

from __future__ import annotations

from typing import Literal

Verdict = Literal["slow", "patience", "again", "stop", "window", "never"]

CODES: dict[int, tuple[Verdict, str]] = {
    4: ("slow", "The app has made too many calls; sending waits."),
    80007: ("slow", "The WhatsApp account has reached its rate limit; sending waits."),
    130429: ("slow", "The number has reached its throughput; sending waits."),
    133016: ("slow", "Too many registrations of this number in a short time; sending waits."),
    131056: ("patience", "Too many messages to this customer in a short time; this customer waits."),
    1: ("again", "An unknown error at Meta; the message was not processed."),
    2: ("again", "A service of Meta is down or overloaded; the message was not processed."),
    131000: ("again", "Something went wrong at Meta; the message was not processed."),
    131016: ("again", "A service of Meta is unavailable; the message was not processed."),
    131057: ("again", "The number is under maintenance for about a minute."),
    133004: ("again", "Meta's server is temporarily unavailable."),
    0: ("stop", "The app could not be authenticated: the access token is not valid."),
    3: ("stop", "The app lacks the permission for this call."),
    10: ("stop", "The permission was not granted or has been removed."),
    190: ("stop", "The access token has expired or was revoked."),
    368: ("stop", "The account is blocked for a time for policy violations."),
    130497: ("stop", "The account may not message customers in this country."),
    131005: ("stop", "Access was denied: the token lacks a permission."),
    131031: ("stop", "The account is locked or restricted."),
    131037: ("stop", "The display name of the number is not approved."),
    131042: ("stop", "There is a problem with the payment method of the account."),
    131044: ("stop", "There is a problem with the payment method of the account."),
    131045: ("stop", "The number is not registered, or its certificate is wrong."),
    131048: ("stop", "The number is restricted because customers report its messages as spam."),
    131064: ("stop", "The number is limited because templates were put in the wrong category."),
    133010: ("stop", "The number is not registered for the Cloud API."),
    470: ("window", "More than 24 hours have passed since the customer wrote: only a template may be sent."),
    131047: ("window", "More than 24 hours have passed since the customer wrote: only a template may be sent."),
    130472: ("never", "The customer is part of an experiment of Meta and gets no marketing messages."),
    131021: ("never", "Sender and recipient are the same number."),
    131026: ("never", "The customer cannot receive it: no WhatsApp, an old version, or terms not accepted."),
    131030: ("never", "The recipient is not on the list of allowed test numbers."),
    131049: ("never", "Meta held the marketing message back to keep the customer's chats healthy."),
    131050: ("never", "The customer has opted out of marketing messages."),
    131062: ("never", "This kind of message needs a phone number; a business-scoped id is not enough."),
    131063: ("never", "Marketing messages are switched off for this number."),
    137000: ("never", "The customer's identity has changed and must be confirmed first."),
    33: ("never", "The number or object of the request does not exist or may not be seen."),
    100: ("never", "The request has a wrong or missing parameter."),
    131008: ("never", "A required parameter is missing."),
    131009: ("never", "A parameter has a value that is not valid."),
    131051: ("never", "This kind of message is not supported."),
    132000: ("never", "The number of parameters differs from that of the template."),
    132001: ("never", "The template does not exist in this language, or is not approved."),
    132005: ("never", "The translated text of the template is too long."),
    132007: ("never", "The template's content violates a policy."),
    132008: ("never", "A value of the template's parameters has the wrong form."),
    132012: ("never", "The template's parameters have the wrong format."),
    132015: ("never", "The template is paused for low quality."),
    132016: ("never", "The template is switched off for good for low quality."),
    132018: ("never", "The template's parameters are not valid."),
    132068: ("never", "The form is blocked."),
    132069: ("never", "The form has reached its rate limit."),
    135000: ("never", "The request could not be used; usually a wrong parameter."),
    131052: ("never", "A file the customer sent could not be downloaded, or is larger than 100 MB."),
    131053: ("never", "The file could not be sent: it could not be fetched, or its type is not supported."),
    147001: ("never", "The username could not be used."),
}

PERMISSIONS = range(200, 300)
"""Codes that all say: a permission is missing."""


def verdict(code: int) -> Verdict | None:
    """How to treat error `code`; None for an unknown one."""
    if code in PERMISSIONS:
        return "stop"
    return CODES[code][0] if code in CODES else None


def meaning(code: int) -> str:
    """The meaning of error `code`, in one sentence for staff."""
    if code in PERMISSIONS:
        return "A permission is missing or was removed."
    return CODES[code][1] if code in CODES else f"Meta refused with code {code}, which is not known here."
