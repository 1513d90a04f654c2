"""Settings: read once, all problems told at once, secrets from files, and a table that tells the truth."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from core.settings import BadSettings, Settings, load
from core.settings_table import describe
from tests.production import PRODUCTION

ROOT = Path(__file__).parents[2]
SECRETS = tuple(name for name in PRODUCTION if name.endswith(("TOKEN", "SECRET")))


def test_an_empty_environment_is_a_working_development_machine() -> None:
    settings = load({})
    assert settings.app_env == "development"
    assert settings.port == 8000
    assert settings.stale_waits_s == (0.05, 0.1, 0.2)


def test_the_documented_table_is_the_one_the_program_reads() -> None:
    documented = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    assert documented.endswith(f"\n\n{describe()}\n"), "run `make docs`"


def test_every_setting_says_what_it_does() -> None:
    unexplained = [name for name, field in Settings.model_fields.items() if not field.description]
    assert unexplained == []


def test_the_table_holds_every_setting_once_and_no_secret_has_a_default() -> None:
    names = [row.split("`")[1] for row in describe().splitlines()[2:]]
    assert names == [name.upper() for name in Settings.model_fields]
    assert all("|  |" in row for row in describe().splitlines() if "| secret |" in row)


def test_a_setting_may_be_kept_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("  s3cret\n", encoding="utf-8")
    settings = load({"WHATSAPP_APP_SECRET_FILE": str(tmp_path / "secret")})
    assert settings.whatsapp_app_secret.get_secret_value() == "s3cret"


def test_a_setting_given_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("8000", encoding="utf-8")
    with pytest.raises(BadSettings, match="PORT and PORT_FILE are both set"):
        load({"PORT": "8000", "PORT_FILE": str(tmp_path / "port")})


def test_a_file_that_is_not_there_or_is_not_text_is_told_without_its_content(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSettings) as told:
        load({"LOG_TOKEN_FILE": str(tmp_path / "missing"), "OPENAI_API_KEY_FILE": str(tmp_path / "bytes")})
    assert "LOG_TOKEN_FILE cannot be read: FileNotFoundError" in str(told.value)
    assert "OPENAI_API_KEY_FILE cannot be read: UnicodeDecodeError" in str(told.value)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(BadSettings) as told:
        load({"PORT": "eighty", "APP_ENV": "staging", "LEASE_S": "0", "LOG_TOKEN_FILE": "/nowhere"})
    assert all(name in str(told.value) for name in ("PORT", "APP_ENV", "LEASE_S", "LOG_TOKEN_FILE"))


@pytest.mark.parametrize("missing", SECRETS)
def test_production_does_not_start_without_each_of_its_secrets(missing: str) -> None:
    load(PRODUCTION)
    with pytest.raises(BadSettings, match=f"production needs {missing}$"):
        load({**PRODUCTION, missing: ""})


OURS = (
    "LOG_TOKEN",
    "METRICS_TOKEN",
    "TICKETS_TOKEN",
    "PERSONAL_TOKEN",
    "DELETE_TOKEN",
    "ALARMS_TOKEN",
    "STAFF_SECRET",
    "ERASURE_SECRET",
    "CODES_SECRET",
)


@pytest.mark.parametrize("short", OURS)
def test_production_refuses_a_secret_of_ours_that_can_be_guessed(short: str) -> None:
    with pytest.raises(BadSettings, match=f"at least 32 characters in {short}$"):
        load({**PRODUCTION, short: "x" * 31})
    load({**PRODUCTION, short: "x" * 32})
    load({short: "x"})


@pytest.mark.parametrize("name", ["GRAPH_API_URL", "OPENAI_BASE_URL", "S3_ENDPOINT", "ROADS_URL", "PUBLIC_URL"])
def test_production_sends_nothing_in_clear_beyond_its_own_machine(name: str) -> None:
    for url in ("http://example.com/v1", "http://127.0.0.1.evil.example", "http://10.0.0.7"):
        with pytest.raises(BadSettings, match=f"needs https in {name}"):
            load({**PRODUCTION, name: url})
        load({name: url})
    for url in ("https://example.com/v1", "http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9"):
        load({**PRODUCTION, name: url})


def test_production_says_where_it_is_reached_and_listens_on_this_machine_alone_unless_told() -> None:
    with pytest.raises(BadSettings, match="production needs PUBLIC_URL"):
        load({**PRODUCTION, "PUBLIC_URL": ""})
    assert load(PRODUCTION).bind == "127.0.0.1"
    assert load({**PRODUCTION, "BIND": "0.0.0.0"}).bind == "0.0.0.0"


def test_every_secret_may_be_kept_in_a_file(tmp_path: Path) -> None:
    secrets = [name for name, field in Settings.model_fields.items() if field.annotation is SecretStr]
    for name in secrets:
        (tmp_path / name).write_text(f"{name} of a good length, from a file\n", encoding="utf-8")
    found = load({f"{name.upper()}_FILE": str(tmp_path / name) for name in secrets})
    assert all(getattr(found, n).get_secret_value() == f"{n} of a good length, from a file" for n in secrets)


def test_a_secret_is_not_shown_when_settings_are_printed() -> None:
    assert "hush" not in repr(load({"LOG_TOKEN": "hush", "WHATSAPP_APP_SECRET": "hush"}))
