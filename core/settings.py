"""Every setting, as a row with help: name, type, default, what it does.

Read once at the start of a process, from the environment and from files: any
setting NAME may be given as NAME_FILE, the path of a file that holds it. All
problems are told at once. `docs/settings.md` is this table, kept equal by a test.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from core import strictness

LIMITS = r"^(\d+/\d+(,\d+/\d+)*)?$"
FIXED_GRAPH_URL = "https://graph.facebook.com"


class BadSettings(SystemExit):
    """The process cannot start; the message lists every problem."""


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", validate_default=True)

    app_env: Literal["development", "production"] = Field("development", description="production refuses weak settings")
    database_url: str = Field("", description="PostgreSQL to use; empty: the embedded one under `var/postgres`")
    database_pool: int = Field(4, ge=1, description="connections one process keeps")
    port: int = Field(8000, ge=1, le=65535, description="where the web side listens")
    bind: str = Field("127.0.0.1", description="the address the web side listens on; in a container 0.0.0.0")
    public_url: str = Field("", description="where the outside world reaches us; empty: http://127.0.0.1:PORT")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least severe line written")
    log_format: Literal["json", "console"] = Field("json", description="json for machines, console for people")

    log_file: str = Field("", description="log lines go there too, as JSON, for `/api/logs`; empty: nowhere else")
    log_file_bytes: int = Field(
        10_485_760, ge=65_536, description="a log file this large becomes `.1`, and a new one begins"
    )
    max_sse_clients: int = Field(100, ge=1, description="who may follow the log at once, in one web process")

    whatsapp_verify_token: SecretStr = Field(SecretStr(""), description="answers Meta's handshake")
    whatsapp_app_secret: SecretStr = Field(SecretStr(""), description="signs Meta's POSTs; required in production")
    whatsapp_access_token: SecretStr = Field(SecretStr(""), description="lets us send; required in production")
    graph_api_url: str = Field(FIXED_GRAPH_URL, description="the Graph API, or a double of it")
    graph_api_version: str = Field("v26.0", pattern=r"^v\d+\.\d+$", description="version of the Graph API")

    smart_mode: bool = Field(True, description="ask the AI; false: deterministic rules only")
    openai_api_key: SecretStr = Field(SecretStr(""), description="key of the AI; empty: deterministic rules only")
    openai_base_url: str = Field("https://api.openai.com/v1", description="any endpoint that speaks the same protocol")
    openai_model: str = Field("gpt-4o-mini", description="the model asked")
    ai_extract_s: float = Field(4.0, gt=0, description="longest the AI may take to find what a long message tells")
    ai_term_s: float = Field(3.0, gt=0, description="longest the AI may take to say what an unknown word is")
    ai_intent_s: float = Field(3.0, gt=0, description="longest the AI may take to say what a short message wants")
    ai_breaker_failures: int = Field(5, ge=1, description="failures within the window that open the AI's breaker")
    ai_breaker_window_s: float = Field(60.0, gt=0, description="the window those failures are counted in")
    ai_breaker_open_s: float = Field(300.0, gt=0, description="how long the AI is left alone before one probe")
    ai_breaker_successes: int = Field(2, ge=1, description="probes of the AI that must succeed to close its breaker")
    ai_cache_s: float = Field(300.0, ge=0, description="how long an answer of the AI is remembered")
    ai_cache_size: int = Field(500, ge=1, description="answers of the AI remembered at once")
    ai_vision_s: float = Field(8.0, gt=0, description="longest the AI may take to read the label on a photo")
    ai_voice_s: float = Field(14.0, gt=0, description="longest the AI may take to write down a voice note")
    openai_voice_model: str = Field("whisper-1", description="the model that writes voice notes down")
    ai_max_chars: int = Field(1000, ge=1, description="most characters of one message the AI is shown")
    log_token: SecretStr = Field(
        SecretStr(""), description="opens logs and metrics; while developing also what has no key of its own"
    )
    metrics_token: SecretStr = Field(SecretStr(""), description="opens metrics, and nothing else")
    tickets_token: SecretStr = Field(SecretStr(""), description="opens the tickets of all customers, to read")
    personal_token: SecretStr = Field(
        SecretStr(""), description="opens chats, transcripts and what is kept about a person, to read"
    )
    delete_token: SecretStr = Field(
        SecretStr(""), description="erases a person, withdraws tickets and removes photos; reads nothing"
    )
    searches_per_hour: int = Field(300, ge=1, description="how often one member of staff may search within an hour")
    limit_wrong_key: str = Field("20/minute", description="wrong keys of one address that get a word, not 429")

    window_pool: int = Field(8, ge=1, description="connections one web process keeps for the window of staff")
    panels_at_once: int = Field(3, ge=1, description="panels one web process asks the database at the same moment")
    panel_timeout_s: float = Field(5.0, gt=0, description="longest a panel's SQL may run")
    panel_rows: int = Field(500, ge=1, le=10_000, description="most rows of a panel that are shown; downloads have all")
    panel_keep_s: float = Field(3.0, ge=0, description="how long a panel's answer is shared by those who ask the same")
    console_database_url: SecretStr = Field(
        SecretStr(""), description="DATABASE_URL as `turno_console`; empty: the same server without a password"
    )
    console_at_once: int = Field(
        2, ge=1, description="questions of the console one web process asks at the same moment"
    )
    console_timeout_s: float = Field(10.0, gt=0, le=30, description="longest a question of the console may run")
    console_rows: int = Field(1000, ge=1, le=10_000, description="most rows of an answer of the console that are shown")
    window_timeout_s: float = Field(10.0, gt=0, description="longest a statement of the window may run")
    dry_run_s: float = Field(30.0, gt=0, description="longest a dry run of a dead letter may take")
    dry_run_memory_mb: int = Field(1024, ge=256, description="most memory the process of a dry run may take")
    staff_idle_s: float = Field(7200.0, gt=0, description="staff unseen for this long must sign in again")
    staff_session_s: float = Field(43_200.0, gt=0, description="staff must sign in again after this long in any case")
    staff_invitation_s: float = Field(172_800.0, gt=0, description="how long a link to choose a password opens")
    sign_in_tries: int = Field(6, ge=1, description="passwords one may try at once on one account")
    sign_in_every_s: float = Field(60.0, gt=0, description="after that, one more each so many seconds")
    sign_in_address_tries: int = Field(30, ge=1, description="passwords one address may try at once, on all accounts")
    sign_in_address_every_s: float = Field(10.0, gt=0, description="after that, one more each so many seconds")
    proxies: int = Field(0, ge=0, le=9, description="proxies in front of us, each adding to X-Forwarded-For")

    door_connections: int = Field(
        900, ge=100, description="connections one web process holds; for more, it drops those that keep it waiting"
    )
    door_address_connections: int = Field(
        250, ge=0, description="of them, from one address; 0: no cap. It does not hold behind PROXIES"
    )
    door_head_s: float = Field(10.0, gt=0, description="longest the head of a request may take to come")
    door_body_s: float = Field(10.0, gt=0, description="how long a body may come at any speed")
    door_body_bytes_per_s: int = Field(65_536, ge=1, description="least speed of a body after that, on average")
    door_answer_s: float = Field(
        20.0, gt=0, description="a client that takes nothing of its answer this long is dropped"
    )
    webhook_heavy_bytes: int = Field(
        33_554_432, ge=3_145_728, description="bytes of bodies above 64 KB the webhook of one web process holds at once"
    )
    webhook_max_bytes: int = Field(3_145_728, ge=1024, description="largest POST the door reads")
    accept_group: int = Field(500, ge=1, description="most events one commit of the door carries")
    commit_timeout_s: float = Field(5.0, gt=0, description="longest a statement of the door or a turn may run")

    claim_size: int = Field(100, ge=1, le=1000, description="conversations one round of a worker leases")
    lease_s: float = Field(30.0, gt=0, description="how long a lease holds without being finished")
    poll_s: float = Field(1.0, gt=0, description="longest a worker sleeps when nobody wakes it")
    event_attempts: int = Field(5, ge=1, description="tries before an event is buried")
    event_backoff_s: float = Field(2.0, ge=0, description="wait before the second try; doubles each time")
    late_after_s: float = Field(7200.0, gt=0, description="an event older than this gets one apology, not an answer")
    stale_retry_ms: str = Field(
        "50,100,200", pattern=r"^\d+(,\d+)*$", description="waits between tries of a stale turn"
    )

    limit_text: str = Field(
        "10/10,20/60,100/3600",
        pattern=LIMITS,
        description="most texts of one customer: number/seconds, …; empty: no limit",
    )
    limit_image: str = Field("3/60,20/3600", pattern=LIMITS, description="most photos and files of one customer")
    limit_audio: str = Field("3/60,30/3600", pattern=LIMITS, description="most voice notes of one customer")
    flood_block_s: float = Field(3600.0, ge=0, description="silence after an hourly limit, or between two bots")

    inactivity_warn_s: float = Field(1500.0, gt=0, description="silence before “are you still there?”")
    inactivity_close_s: float = Field(300.0, gt=0, description="further silence before the conversation is closed")

    send_size: int = Field(128, ge=1, le=1000, description="sends under way at once in one process")
    send_timeout_s: float = Field(10.0, gt=0, description="longest one call of the Graph API may take")
    send_backoff_s: float = Field(1.0, ge=0, description="wait before the second try of a send; times four each time")
    send_backoff_most_s: float = Field(300.0, gt=0, description="longest wait between tries of a send")
    suspended_pause_s: float = Field(900.0, gt=0, description="how long a number rests when it may not send at all")
    timers_every_s: float = Field(1.0, gt=0, description="how often due timers are looked for")
    rescue_every_s: float = Field(5.0, gt=0, description="how often sends nobody finished are looked for")
    unknown_settle_s: float = Field(120.0, gt=0, description="how long a status may settle an unknown send")
    pace_number_per_s: float = Field(
        80.0, gt=0, description="sends per second of one number (a channel row may differ)"
    )
    pace_customer_s: float = Field(6.0, ge=0, description="seconds between sends to one customer, in the long run")
    pace_customer_burst: int = Field(45, ge=1, description="sends one customer may get at once")
    window_s: float = Field(
        86_400.0, gt=0, description="how long after the customer's last message we may answer freely"
    )
    read_marks: bool = Field(True, description="mark messages read and show “typing…” while an answer is made")

    media_size: int = Field(4, ge=1, le=64, description="photos and voice notes looked into at once in one process")
    media_busy_from: int = Field(10, ge=1, description="photos waiting from which a customer hears it may take longer")
    media_hosts: str = Field(
        "lookaside.fbsbx.com", description="hosts, comma separated, that media may be fetched from"
    )
    media_image_bytes: int = Field(10_485_760, ge=1024, description="largest photo fetched")
    media_audio_bytes: int = Field(16_777_216, ge=1024, description="largest voice note fetched")
    media_download_s: float = Field(8.0, gt=0, description="longest fetching one photo or voice note may take")
    media_look_s: float = Field(8.0, gt=0, description="longest looking into one photo may take")
    media_pixels: int = Field(40_000_000, ge=10_000, description="most pixels of a photo that is looked into")
    media_memory_mb: int = Field(1024, ge=256, description="most memory the process that looks into a photo may take")
    media_sharpness: float = Field(100.0, ge=0, description="a photo whose Laplacian varies less is blurred")
    media_attempts: int = Field(3, ge=1, description="tries before a photo or voice note is given up")
    media_backoff_s: float = Field(1.0, ge=0, description="wait before the second try; doubles each time")
    media_result_s: float = Field(50.0, gt=0, description="a photo's result is there by then, whatever happens")
    media_lease_s: float = Field(6.0, gt=0, description="how soon a dead worker's photo goes to another one")
    photos_store: Literal["folder", "database", "s3"] = Field(
        "folder", description="where photos are kept: a folder of this machine; for many, the database or a bucket"
    )
    photos_folder: str = Field("var/photos", description="where photos are kept; never below a web root")
    s3_endpoint: str = Field("", pattern=r"^(https?://.+)?$", description="an S3-compatible storage; empty: Amazon's")
    s3_region: str = Field("us-east-1", pattern=r"^[a-z0-9-]+$", description="the region its requests are signed for")
    s3_bucket: str = Field("", pattern=r"^[a-zA-Z0-9._-]*$", description="the bucket photos are kept in")
    s3_access_key: SecretStr = Field(SecretStr(""), description="the name of the key to it")
    s3_secret_key: SecretStr = Field(SecretStr(""), description="the key itself")
    s3_session_token: SecretStr = Field(SecretStr(""), description="the session token of temporary keys; empty: none")
    s3_timeout_s: float = Field(5.0, gt=0, description="longest one call of the storage may take")
    photos_keep_days: int = Field(7, ge=1, description="how long photos are kept")

    switches_s: float = Field(1.0, gt=0, description="how old what a process knows about the switches may be")

    breaker_failures: int = Field(5, ge=1, description="failures within the window that open the Graph API breaker")
    breaker_window_s: float = Field(60.0, gt=0, description="the window those failures are counted in")
    breaker_open_s: float = Field(30.0, gt=0, description="how long an open breaker waits before one probe")
    breaker_successes: int = Field(2, ge=1, description="probes that must succeed to close it")

    webchat_origins: str = Field("", description="other sites that may embed the chat, comma separated; `*`: any")
    webchat_pool: int = Field(4, ge=1, description="connections one web process keeps for the chat")
    webchat_session_s: float = Field(172_800.0, gt=0, description="how long a chat is kept open after its last line")
    webchat_wait_s: float = Field(8.0, gt=0, le=60, description="longest the chat waits for an answer before it polls")
    webchat_max_bytes: int = Field(10_485_760, ge=1024, description="largest POST of the chat that is read")
    webchat_heavy_bytes: int = Field(
        41_943_040, ge=1_048_576, description="bytes of photos on their way that the chat of one web process holds"
    )
    webchat_places: int = Field(400, ge=4, description="calls of the chat one web process serves at once")
    webchat_max_users: int = Field(1000, ge=1, description="people in the chat at once; more are told to come back")
    webchat_busy_s: float = Field(1800.0, gt=0, description="who was silent this long is not in the chat any more")
    limit_greeting: str = Field(
        "30/minute", description="chats one address may begin; `;` between several; empty: none"
    )
    limit_refused: str = Field(
        "100/minute", description="calls of the chat from one address that are refused; then no more is served to it"
    )
    limit_chat_address: str = Field("200/minute", description="lines of the chat from one address")
    ticket_link_s: float = Field(2_592_000.0, gt=0, description="how long a public link to a ticket opens it")
    limit_whatsapp_ticket: str = Field("3/hour", description="tickets one chat may ask for without a form")
    limit_ticket: str = Field("60/minute", description="looks at public tickets from one address")
    limit_transcript: str = Field("30/minute", description="transcripts of one chat for its owner")
    limit_my_data: str = Field(
        "3/hour", description="files with everything about its owner, of one chat; and as many erasures"
    )
    limit_upload: str = Field("3/minute", description="photos of one chat from one address")
    limit_upload_address: str = Field("10/minute", description="photos from one address, over all its chats")
    upload_most: int = Field(10, ge=1, description="photos of one chat as long as its session lives")
    upload_bytes: int = Field(5_242_880, ge=1024, description="largest photo uploaded in the chat")
    upload_side: int = Field(10_000, ge=10, description="longest side of a photo uploaded in the chat, in pixels")
    limit_chat_session: str = Field("20/minute", description="lines of one chat")

    heartbeat_s: float = Field(5.0, gt=0, le=10, description="how often each process writes down that it lives")

    alarm_errors_percent: float = Field(
        2.0, ge=0, description="more messages of an hour than this that were given up or not sent: an alarm"
    )
    alarm_reply_s: float = Field(3.0, gt=0, description="95 of 100 replies of an hour take longer than this: an alarm")
    alarm_conflicts: int = Field(20, ge=0, description="more turns of an hour than this taken anew: an alarm")

    turno_crash_at: str = Field(
        "", pattern=r"^([\w.]+:\w+(#[1-9]\d*)?)?$", description="tests only: where this process kills itself"
    )

    inbox_keep_days: int = Field(90, ge=7, description="how long finished events are kept; never under Meta's 7 days")
    raw_keep_days: int = Field(30, ge=1, description="how long events are kept exactly as they came")
    letters_keep_days: int = Field(90, ge=7, description="how long dead letters are kept; never under Meta's 7 days")
    outbox_keep_days: int = Field(90, ge=1, description="how long our half of the transcripts is kept")
    deliveries_keep_days: int = Field(90, ge=7, description="how long statuses are kept; never under Meta's 7 days")
    steps_keep_days: int = Field(90, ge=1, description="how long the history of conversations is kept")
    staff_secret: SecretStr = Field(
        SecretStr(""), description="seals second factors and the audit; empty: WHATSAPP_APP_SECRET seals factors"
    )
    erasure_secret: SecretStr = Field(
        SecretStr(""), description="makes tombstones of erased names; without it nobody can be erased"
    )
    tombstones_file: str = Field(
        "var/tombstones.jsonl", description="where tombstones are kept too; keep it apart from the database"
    )

    @model_validator(mode="after")
    def _production_is_strict(self) -> Settings:
        if self.app_env == "production" and (problems := strictness.problems(self)):
            raise ValueError("; ".join(problems))
        return self

    @model_validator(mode="after")
    def _a_bucket_is_reachable(self) -> Settings:
        if self.photos_store == "s3":
            keys = self.s3_access_key.get_secret_value(), self.s3_secret_key.get_secret_value()
            if not (self.s3_bucket and all(keys)):
                raise ValueError("PHOTOS_STORE=s3 needs S3_BUCKET, S3_ACCESS_KEY and S3_SECRET_KEY")
        return self

    @property
    def seals(self) -> tuple[str, ...]:
        """Secrets that open what is sealed in the database; the first seals."""
        both = (self.staff_secret.get_secret_value(), self.whatsapp_app_secret.get_secret_value())
        return tuple(secret for secret in both if secret)

    @property
    def reached_at(self) -> str:
        """The public base URL of this program, without a slash at the end."""
        return self.public_url.rstrip("/") or f"http://127.0.0.1:{self.port}"

    @property
    def stale_waits_s(self) -> tuple[float, ...]:
        return tuple(int(ms) / 1000 for ms in self.stale_retry_ms.split(","))


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process; a SystemExit that lists every problem when they make no sense."""
    values: dict[str, str] = {}
    problems: list[str] = []
    for name in Settings.model_fields:
        try:
            value = _read(name.upper(), environ)
        except ValueError as problem:
            problems.append(str(problem))
        else:
            if value is not None:
                values[name] = value
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        problems += [_tell(e["loc"], e["msg"]) for e in error.errors()]
    if problems:
        raise BadSettings("\n".join(["These settings cannot be used:", *(f"  - {p}" for p in problems)]))
    return settings


def _read(name: str, environ: Mapping[str, str]) -> str | None:
    direct, path = environ.get(name), environ.get(f"{name}_FILE")
    if path is None:
        return direct
    if direct is not None:
        raise ValueError(f"{name} and {name}_FILE are both set: keep one")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{name}_FILE cannot be read: {type(error).__name__}") from None


def _tell(location: tuple[int | str, ...], message: str) -> str:
    where = ".".join(str(part) for part in location).upper()
    return f"{where}: {message}" if where else message.removeprefix("Value error, ")
