"""Every setting, as a row with help: name, type, default, what it does.

Read once at the start of a process, from the environment and from files: any
setting NAME may be given as NAME_FILE, the path of a file that holds it. All
problems are told at once. `docs/settings.md` is this table, kept equal by a test.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date
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
    port: int = Field(8000, ge=1, le=65535, description="TCP port of the web side")
    bind: str = Field(
        "127.0.0.1",
        description="address that the web side and the metrics of workers listen on; in a container 0.0.0.0",
    )
    public_url: str = Field("", description="public base URL of this program; empty: http://127.0.0.1:PORT")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="lowest level of log lines that are written"
    )
    log_format: Literal["json", "console"] = Field("json", description="json for machines, console for people")

    log_file: str = Field("", description="file that also gets the log, as JSON, for `/api/logs`; empty: none")
    log_file_bytes: int = Field(10_485_760, ge=65_536, description="size at which the log file is rotated to `.1`")
    max_sse_clients: int = Field(
        100, ge=1, description="clients that may follow the log at once (server-sent events), in one web process"
    )

    whatsapp_verify_token: SecretStr = Field(SecretStr(""), description="verify token of Meta's webhook handshake")
    whatsapp_app_secret: SecretStr = Field(
        SecretStr(""), description="app secret that verifies the signature of Meta's POSTs; required in production"
    )
    whatsapp_access_token: SecretStr = Field(
        SecretStr(""), description="access token for sending through the Graph API; required in production"
    )
    whatsapp_token_ends: date | None = Field(
        None,
        description="day on which the access token ends (`2027-01-31`), so that an alert comes before; empty: never",
    )
    graph_api_url: str = Field(FIXED_GRAPH_URL, description="base URL of the Graph API, or of a double")
    graph_api_version: str = Field("v26.0", pattern=r"^v\d+\.\d+$", description="version of the Graph API")

    smart_mode: bool = Field(True, description="use the AI; false: deterministic rules only")
    openai_api_key: SecretStr = Field(SecretStr(""), description="API key of the AI; empty: deterministic rules only")
    openai_base_url: str = Field(
        "https://api.openai.com/v1", description="base URL of any endpoint that is compatible with the OpenAI API"
    )
    openai_model: str = Field("gpt-4o-mini", description="model for text")
    ai_extract_s: float = Field(4.0, gt=0, description="timeout of the AI for extracting values from a long message")
    ai_term_s: float = Field(3.0, gt=0, description="timeout of the AI for classifying an unknown word")
    ai_intent_s: float = Field(3.0, gt=0, description="timeout of the AI for the intent of a short message")
    ai_breaker_failures: int = Field(5, ge=1, description="failures within the window that open the AI's breaker")
    ai_breaker_window_s: float = Field(60.0, gt=0, description="the window those failures are counted in")
    ai_breaker_open_s: float = Field(300.0, gt=0, description="seconds an open AI breaker waits before one probe")
    ai_breaker_successes: int = Field(2, ge=1, description="probes of the AI that must succeed to close its breaker")
    ai_cache_s: float = Field(300.0, ge=0, description="seconds an answer of the AI is cached")
    ai_cache_size: int = Field(500, ge=1, description="answers of the AI in the cache")
    ai_vision_s: float = Field(8.0, gt=0, description="timeout of the AI for reading a label on a photo")
    ai_voice_s: float = Field(14.0, gt=0, description="timeout of the AI for transcribing a voice note")
    ai_speech_s: float = Field(8.0, gt=0, description="timeout of the AI for speaking a reply")
    openai_speech_model: str = Field("gpt-4o-mini-tts", description="model that speaks replies")
    openai_speech_voice: str = Field("coral", description="voice of that model")
    openai_voice_model: str = Field("whisper-1", description="model that transcribes voice notes")
    ai_max_chars: int = Field(1000, ge=1, description="characters of one message sent to the AI at most")
    service_keys: SecretStr = Field(
        SecretStr(""),
        description="API keys of the systems behind businesses: `mirador=KEY other=KEY`, by the business's id",
    )
    log_token: SecretStr = Field(
        SecretStr(""),
        description="API key for logs and metrics; in development also for every purpose without a key of its own",
    )
    metrics_token: SecretStr = Field(SecretStr(""), description="API key for metrics only")
    tickets_token: SecretStr = Field(SecretStr(""), description="API key for reading the tickets of all customers")
    personal_token: SecretStr = Field(
        SecretStr(""), description="API key for reading chats, transcripts and the data of a person"
    )
    delete_token: SecretStr = Field(
        SecretStr(""),
        description="API key for erasing a person, withdrawing tickets and removing photos; reads nothing",
    )
    alarms_token: SecretStr = Field(
        SecretStr(""), description="API key with which Alertmanager tells the window what fires; opens nothing else"
    )
    searches_per_hour: int = Field(300, ge=1, description="how often one member of staff may search within an hour")
    limit_wrong_key: str = Field(
        "20/minute", description="rate limit of wrong API keys from one address; above it the answer is 429"
    )

    window_pool: int = Field(8, ge=1, description="connections one web process keeps for the admin window")
    panels_at_once: int = Field(3, ge=1, description="panels one web process queries at once")
    panel_timeout_s: float = Field(5.0, gt=0, description="timeout of a panel's SQL")
    panel_rows: int = Field(500, ge=1, le=10_000, description="most rows of a panel that are shown; downloads have all")
    panel_keep_s: float = Field(3.0, ge=0, description="seconds a panel's result is cached for equal requests")
    console_database_url: SecretStr = Field(
        SecretStr(""), description="DATABASE_URL as `turno_console`; empty: the same server without a password"
    )
    console_at_once: int = Field(2, ge=1, description="console queries one web process runs at once")
    console_timeout_s: float = Field(10.0, gt=0, le=30, description="timeout of a console query")
    console_rows: int = Field(1000, ge=1, le=10_000, description="most rows of an answer of the console that are shown")
    window_timeout_s: float = Field(10.0, gt=0, description="timeout of a statement of the admin window")
    dry_run_s: float = Field(30.0, gt=0, description="timeout of a dry run of a dead letter")
    dry_run_memory_mb: int = Field(1024, ge=256, description="most memory the process of a dry run may take")
    staff_idle_s: float = Field(7200.0, gt=0, description="idle timeout of a staff session")
    staff_session_s: float = Field(43_200.0, gt=0, description="longest life of a staff session")
    staff_invitation_s: float = Field(172_800.0, gt=0, description="seconds until a link to choose a password expires")
    sign_in_tries: int = Field(6, ge=1, description="sign-in attempts on one account at once (token bucket)")
    sign_in_every_s: float = Field(60.0, gt=0, description="seconds until one more attempt on that account is allowed")
    sign_in_address_tries: int = Field(
        30, ge=1, description="sign-in attempts from one address at once, over all accounts (token bucket)"
    )
    sign_in_address_every_s: float = Field(
        10.0, gt=0, description="seconds until one more attempt from that address is allowed"
    )
    proxies: int = Field(
        0, ge=0, le=9, description="trusted reverse proxies in front of us, each adding to X-Forwarded-For"
    )

    door_connections: int = Field(
        900, ge=100, description="connections one web process holds; above it, the longest idle ones are dropped"
    )
    door_address_connections: int = Field(
        250, ge=0, description="connections one address may hold; 0: no cap. Ignored behind PROXIES"
    )
    door_head_s: float = Field(10.0, gt=0, description="timeout for the head of a request")
    door_body_s: float = Field(10.0, gt=0, description="seconds during which a body may come at any speed")
    door_body_bytes_per_s: int = Field(65_536, ge=1, description="minimum average rate of a body after that")
    door_answer_s: float = Field(
        20.0, gt=0, description="a client that reads nothing of its answer for this long is dropped"
    )
    webhook_heavy_bytes: int = Field(
        33_554_432, ge=3_145_728, description="bytes of webhook bodies above 64 KB that one web process holds at once"
    )
    webhook_max_bytes: int = Field(3_145_728, ge=1024, description="largest POST the door reads")
    accept_group: int = Field(500, ge=1, description="events in one group commit of the door at most")
    default_desk: str = Field(
        "",
        pattern=r"^([a-z0-9][a-z0-9-]{0,59})?$",
        description="desk that answers on numbers without one; empty: what comes there is kept, and nobody answers",
    )
    desk_contacts_cache_s: float = Field(
        60.0, ge=0, description="seconds that the desk of a contact is cached; so long a change takes at most"
    )
    commit_timeout_s: float = Field(5.0, gt=0, description="timeout of a statement of the door or a turn")

    fact_s: float = Field(2.0, gt=0, le=10, description="timeout of a service that is asked for a slow fact")
    fact_at_once: int = Field(8, ge=1, description="calls of one service at once in a process; beyond it is not asked")
    fact_fresh_s: float = Field(60.0, ge=0, description="seconds a slow fact is cached, and told without asking again")
    fact_stale_s: float = Field(3600.0, ge=0, description="age up to which a slow fact serves while its service fails")
    roads_url: str = Field("", description="OSRM server for travel times; empty: reckoned from the distance")
    claim_size: int = Field(100, ge=1, le=1000, description="conversations a worker leases in one round")
    lease_s: float = Field(30.0, gt=0, description="seconds until the lease of a conversation expires")
    breath_s: float = Field(
        2.0,
        ge=0,
        le=10,
        description="seconds to wait for another line after a text that leaves the question open, in the web chat at most 1; 0: none",
    )
    poll_s: float = Field(1.0, gt=0, description="polling interval of a worker that no notification wakes")
    event_attempts: int = Field(5, ge=1, description="tries before an event becomes a dead letter")
    event_backoff_s: float = Field(2.0, ge=0, description="backoff before the second try; doubles each time")
    late_after_s: float = Field(
        7200.0, gt=0, description="age in seconds above which an event gets one apology instead of an answer"
    )
    stale_retry_ms: str = Field(
        "50,100,200", pattern=r"^\d+(,\d+)*$", description="waits between tries of a turn that lost an optimistic lock"
    )

    limit_text: str = Field(
        "10/10,20/60,100/3600",
        pattern=LIMITS,
        description="rate limit of one customer's texts: number/seconds, …; empty: none",
    )
    limit_image: str = Field(
        "3/60,20/3600", pattern=LIMITS, description="rate limit of one customer's photos and files"
    )
    limit_audio: str = Field("3/60,30/3600", pattern=LIMITS, description="rate limit of one customer's voice notes")
    flood_block_s: float = Field(
        3600.0, ge=0, description="seconds without answers after an hourly limit, or after a loop between two bots"
    )

    inactivity_warn_s: float = Field(1500.0, gt=0, description="seconds of silence before “are you still there?”")
    inactivity_close_s: float = Field(
        300.0, gt=0, description="further seconds of silence before the conversation is closed"
    )

    send_size: int = Field(128, ge=1, le=1000, description="concurrent sends of one process")
    send_timeout_s: float = Field(10.0, gt=0, description="timeout of one call of the Graph API, or of one letter")
    send_backoff_s: float = Field(
        1.0, ge=0, description="backoff before the second try of a send; times four each time"
    )
    send_backoff_most_s: float = Field(300.0, gt=0, description="longest backoff of a send")
    suspended_pause_s: float = Field(
        900.0, gt=0, description="seconds a number pauses when the platform has suspended its sending"
    )
    timers_every_s: float = Field(1.0, gt=0, description="interval between checks for due timers")
    rescue_every_s: float = Field(5.0, gt=0, description="interval between checks for sends whose worker died")
    unknown_settle_s: float = Field(
        120.0, gt=0, description="seconds in which a delivery status may still settle a send with an unknown result"
    )
    pace_number_per_s: float = Field(
        80.0, gt=0, description="rate limit of one number's sends per second (a channel row may differ)"
    )
    pace_customer_s: float = Field(6.0, ge=0, description="seconds between sends to one customer, on average")
    pace_customer_burst: int = Field(45, ge=1, description="sends one customer may get in a burst")
    window_s: float = Field(
        86_400.0,
        gt=0,
        description="seconds after the customer's last message in which the platform lets us answer freely",
    )
    read_marks: bool = Field(True, description="mark messages as read and show “typing…” while a turn runs")

    media_size: int = Field(
        4, ge=1, le=64, description="photos one process examines at once; as many voice notes besides"
    )
    media_busy_from: int = Field(
        10, ge=1, description="queue length from which customers are told that photos may take longer"
    )
    media_hosts: str = Field(
        "lookaside.fbsbx.com", description="hosts, comma separated, that media may be downloaded from"
    )
    media_image_bytes: int = Field(10_485_760, ge=1024, description="largest photo that is downloaded")
    media_audio_bytes: int = Field(16_777_216, ge=1024, description="largest voice note that is downloaded")
    media_audio_s: float = Field(
        180.0, gt=0, description="longest voice note that is written down, where it tells its length"
    )
    media_download_s: float = Field(8.0, gt=0, description="timeout of one media download")
    media_look_s: float = Field(8.0, gt=0, description="timeout of examining one photo")
    media_pixels: int = Field(40_000_000, ge=10_000, description="largest photo, in pixels, that is examined")
    media_memory_mb: int = Field(1024, ge=256, description="memory limit of the process that examines a photo")
    media_sharpness: float = Field(100.0, ge=0, description="variance of the Laplacian below which a photo is blurred")
    media_attempts: int = Field(3, ge=1, description="tries before a photo or voice note is given up")
    media_backoff_s: float = Field(1.0, ge=0, description="backoff before the second try; doubles each time")
    media_result_s: float = Field(50.0, gt=0, description="deadline by which a photo has a result, whatever happens")
    media_lease_s: float = Field(
        6.0, gt=0, description="seconds until the lease of an errand expires, so that another worker takes over"
    )
    photos_store: Literal["folder", "database", "s3"] = Field(
        "folder",
        description="storage of photos: a folder of this machine or, for several machines, the database or a bucket",
    )
    photos_folder: str = Field("var/photos", description="folder for photos; never below a web root")
    s3_endpoint: str = Field("", pattern=r"^(https?://.+)?$", description="an S3-compatible storage; empty: Amazon's")
    s3_region: str = Field("us-east-1", pattern=r"^[a-z0-9-]+$", description="region in the signature of its requests")
    s3_bucket: str = Field("", pattern=r"^[a-zA-Z0-9._-]*$", description="bucket for photos")
    s3_access_key: SecretStr = Field(SecretStr(""), description="access key id of the bucket")
    s3_secret_key: SecretStr = Field(SecretStr(""), description="secret access key of the bucket")
    s3_session_token: SecretStr = Field(SecretStr(""), description="session token of temporary keys; empty: none")
    s3_timeout_s: float = Field(5.0, gt=0, description="timeout of one call of the storage")
    photos_keep_days: int = Field(7, ge=1, description="days photos are kept")

    switches_s: float = Field(1.0, gt=0, description="seconds a process caches the feature switches")

    breaker_failures: int = Field(
        5, ge=1, description="failures within the window that open the breaker of the Graph API, or of a service"
    )
    breaker_window_s: float = Field(60.0, gt=0, description="the window those failures are counted in")
    breaker_open_s: float = Field(30.0, gt=0, description="seconds an open breaker waits before one probe")
    breaker_successes: int = Field(2, ge=1, description="probes that must succeed to close it")

    channels_folder: str = Field("", description="a folder with channels of your own, besides those of the program")

    webchat_origins: str = Field("", description="other sites that may embed the chat, comma separated; `*`: any")
    webchat_pool: int = Field(4, ge=1, description="connections one web process keeps for the chat")
    webchat_session_s: float = Field(172_800.0, gt=0, description="seconds a chat session lives after its last message")
    webchat_wait_s: float = Field(
        8.0, gt=0, le=60, description="longest a chat request waits for its replies before the browser polls"
    )
    webchat_max_bytes: int = Field(10_485_760, ge=1024, description="largest POST of the chat")
    webchat_heavy_bytes: int = Field(
        41_943_040, ge=1_048_576, description="bytes of uploads that the chat of one web process holds at once"
    )
    webchat_places: int = Field(400, ge=4, description="concurrent chat requests of one web process")
    webchat_max_users: int = Field(
        1000, ge=1, description="visitors in the chat at once; further ones are asked to come back"
    )
    webchat_busy_s: float = Field(
        1800.0, gt=0, description="seconds of silence after which a visitor no longer counts as present"
    )
    limit_greeting: str = Field(
        "30/minute", description="rate limit of new chats from one address; `;` between several limits; empty: none"
    )
    limit_refused: str = Field(
        "100/minute", description="rate limit of refused chat calls from one address; above it, no call of it is served"
    )
    limit_chat_address: str = Field("200/minute", description="rate limit of chat messages from one address")
    ticket_link_s: float = Field(2_592_000.0, gt=0, description="seconds until a public link to a ticket expires")
    limit_whatsapp_ticket: str = Field(
        "3/hour", description="rate limit of tickets that one chat requests without a form"
    )
    limit_ticket: str = Field("60/minute", description="rate limit of views of public tickets from one address")
    limit_ticket_change: str = Field(
        "10/hour", description="rate limit of what is added to or taken back of one ticket on its public page"
    )
    limit_transcript: str = Field("30/minute", description="rate limit of transcript downloads of one chat")
    limit_picture: str = Field("120/minute", description="rate limit of pictures fetched in one chat")
    limit_my_data: str = Field("3/hour", description="rate limit of data exports, and of erasures, in one chat")
    limit_upload: str = Field("3/minute", description="rate limit of uploads in one chat from one address")
    limit_upload_address: str = Field(
        "10/minute", description="rate limit of uploads from one address, over all its chats"
    )
    upload_most: int = Field(10, ge=1, description="photos that one chat session may upload")
    upload_bytes: int = Field(5_242_880, ge=1024, description="largest upload of the chat")
    upload_side: int = Field(10_000, ge=10, description="longest side, in pixels, of a photo uploaded in the chat")
    upload_pixels: int = Field(
        12_000_000,
        ge=10_000,
        description="most pixels of a PNG, GIF or WebP uploaded in the chat; a JPEG is decoded at a reduced scale",
    )
    limit_chat_session: str = Field("20/minute", description="rate limit of messages in one chat")

    desks_folder: str = Field("", description="a folder of desks besides the program's own: each of its folders is one")
    desk_wait_s: float = Field(
        5.0, gt=0, description="seconds until a waiting event of a desk that is not loaded is looked at again"
    )

    smtp_host: str = Field(
        "", description="mail server that takes the daily digest and the letters of desks; empty: none is sent"
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="TCP port of the mail server")
    smtp_tls: Literal["starttls", "tls", "none"] = Field("starttls", description="encryption of the mail server")
    smtp_user: str = Field(
        "", description="user name at the mail server; empty: none for the digest, for letters that of their mailbox"
    )
    smtp_password: SecretStr = Field(SecretStr(""), description="password at the mail server")
    imap_host: str = Field("", description="IMAP server of the mailboxes that desks answer; empty: none is read")
    imap_port: int = Field(993, ge=1, le=65535, description="TCP port of the IMAP server")
    imap_tls: Literal["tls", "starttls", "none"] = Field("tls", description="encryption of the IMAP server")
    imap_timeout_s: float = Field(20.0, gt=0, description="timeout of one step of the IMAP server")
    imap_every_s: float = Field(15.0, gt=0, description="interval between checks of a mailbox without anything new")
    imap_done_folder: str = Field(
        "Turno", min_length=1, description="folder that letters are moved to once they are accepted; made when missing"
    )
    imap_sent_folder: str = Field(
        "",
        description="folder in which the mail server itself keeps what was sent; an unknown send is looked up there; empty: not",
    )
    mailboxes: SecretStr = Field(
        SecretStr(""),
        description="mailboxes that desks answer, with their passwords: `help@company.example=PASSWORD other@…=PASSWORD`",
    )
    mail_proved_by: str = Field(
        "",
        description="name of the mail server whose `Authentication-Results` are believed; empty: no sender is proved",
    )
    mail_bytes: int = Field(
        15_728_640, ge=65_536, description="largest letter that is fetched; of a larger one only its head"
    )
    mail_recipients: int = Field(
        20, ge=1, description="a letter to more recipients than this is recorded, not answered"
    )
    mail_oldest_days: int = Field(3, ge=1, description="older letters are left in the mailbox as they are")
    digest_from: str = Field("turno@localhost", description="sender of the daily digest")
    digest_to: str = Field("", description="addresses that get the daily digest, comma separated")

    heartbeat_s: float = Field(5.0, gt=0, le=10, description="interval of each process's heartbeat")

    alarm_errors_percent: float = Field(
        2.0, ge=0, description="alarm when more than this percentage of an hour's messages failed or were dead-lettered"
    )
    alarm_reply_s: float = Field(
        3.0, gt=0, description="alarm when the 95th percentile of an hour's reply times is longer than this"
    )
    alarm_conflicts: int = Field(
        20, ge=0, description="alarm when more turns than this lost an optimistic lock within an hour"
    )

    turno_crash_at: str = Field(
        "",
        pattern=r"^([\w.]+:\w+(#[1-9]\d*)?)?$",
        description="tests only: crash point at which this process kills itself",
    )

    inbox_keep_days: int = Field(90, ge=7, description="days finished events are kept; never under Meta's 7 days")
    raw_keep_days: int = Field(30, ge=1, description="days the raw bodies of events are kept")
    letters_keep_days: int = Field(90, ge=7, description="days dead letters are kept; never under Meta's 7 days")
    outbox_keep_days: int = Field(90, ge=1, description="days our half of the transcripts is kept")
    deliveries_keep_days: int = Field(
        90, ge=7, description="days delivery statuses are kept; never under Meta's 7 days"
    )
    promises_keep_days: int = Field(90, ge=1, description="days quotes that are over, and holds that ended, are kept")
    steps_keep_days: int = Field(90, ge=1, description="days the history of conversations is kept")
    staff_secret: SecretStr = Field(
        SecretStr(""),
        description="key that encrypts second factors and signs the audit; empty: WHATSAPP_APP_SECRET encrypts factors",
    )
    erasure_secret: SecretStr = Field(
        SecretStr(""), description="HMAC key of the tombstones of erased names; without it no person can be erased"
    )
    codes_secret: SecretStr = Field(
        SecretStr(""), description="HMAC key of codes that customers show, such as a QR code; without it none is made"
    )
    tombstones_file: str = Field(
        "var/tombstones.jsonl", description="second copy of the tombstones; keep it apart from the database"
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

    @model_validator(mode="after")
    def _mailboxes_have_passwords(self) -> Settings:
        told = self.mailboxes.get_secret_value().split() if self.imap_host or self.smtp_host else []
        if wrong := [number for number, one in enumerate(told, 1) if not re.fullmatch(r"[^@=]+@[^@=]+=.+", one)]:
            raise ValueError(f"MAILBOXES: number {wrong[0]} is no address=PASSWORD")
        return self

    @property
    def mailbox_keys(self) -> dict[str, str]:
        """The password of each mailbox, by its address in small letters."""
        pairs = (one.partition("=") for one in self.mailboxes.get_secret_value().split() if "=" in one)
        return {address.lower(): password for address, _, password in pairs}

    @property
    def seals(self) -> tuple[str, ...]:
        """Secrets that open what is sealed in the database; the first seals."""
        both = (self.staff_secret.get_secret_value(), self.whatsapp_app_secret.get_secret_value())
        return tuple(secret for secret in both if secret)

    def service_key(self, desk_id: str) -> str:
        """The API key of the system behind a business; empty where none was told."""
        pairs = (pair.partition("=") for pair in self.service_keys.get_secret_value().split())
        return next((key for business, _, key in pairs if business == desk_id), "")

    @property
    def folders(self) -> dict[str, Path]:
        """Folders that processes write to, by name: the disks under them must not fill."""
        known = {"tombstones": self.tombstones_file, "logs": self.log_file}
        if self.photos_store == "folder":
            return {"photos": Path(self.photos_folder)} | {n: Path(f).parent for n, f in known.items() if f}
        return {name: Path(file).parent for name, file in known.items() if file}

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
        problems += [_problem_of(e["loc"], e["msg"]) for e in error.errors()]
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


def _problem_of(location: tuple[int | str, ...], message: str) -> str:
    where = ".".join(str(part) for part in location).upper()
    return f"{where}: {message}" if where else message.removeprefix("Value error, ")
