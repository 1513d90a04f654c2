"""What production demands: the settings of a process there, as names of the environment and as fields."""

from __future__ import annotations

PRODUCTION = {
    "APP_ENV": "production",
    "PUBLIC_URL": "https://desk.example",
    "WHATSAPP_VERIFY_TOKEN": "v" * 32,
    "WHATSAPP_APP_SECRET": "s" * 32,
    "WHATSAPP_ACCESS_TOKEN": "a" * 32,
    "LOG_TOKEN": "l" * 32,
    "STAFF_SECRET": "f" * 32,
    "ERASURE_SECRET": "e" * 32,
}
FIELDS = {name.lower(): value for name, value in PRODUCTION.items()}
