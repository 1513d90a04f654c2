"""`work`: the workers, as threads of one process. SIGTERM drains them and exits 0."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.channels import CHANNELS
from bot.channels.channel import Carrier, Channel, Intake, Marker
from bot.channels.marks import Marks
from bot.channels.whatsapp.media import WhatsAppMedia
from bot.channels.whatsapp.upload_media import UploadedMedia
from bot.commands.opening import open_database, open_settings
from bot.desks import DESKS, purposes
from bot.engine import speaking
from bot.errands.media import MediaService
from bot.errands.media_examine import Examiner, Switch
from bot.errands.media_keeping import PhotoKeeper
from bot.errands.media_look import Looker
from bot.errands.outside import OutsideService
from bot.errands.running import Running
from bot.errands.service import ServiceOf
from bot.errands.speech import Speaking
from bot.nlu.ai import usable
from bot.nlu.reader import Reader
from bot.workers.conversation import ConversationWorker
from bot.workers.errands import ErrandWorker
from bot.workers.house import DeskWatch
from bot.workers.janitor import Janitor
from bot.workers.loop import Job, Loop
from bot.workers.receiver import Receiver
from bot.workers.retention import Retention
from bot.workers.sender import Sender
from bot.workers.services import Services
from bot.workers.slow_facts import SlowFacts
from bot.workers.switchboard import Switchboard
from core import bell, telemetry
from core.bell import Bell, Ear
from core.breaker import Breaker
from core.clock import SystemClock
from core.hardening import hide_memory
from core.heartbeat import Heartbeat
from core.settings import Settings
from core.store.db import Database
from core.store.files.photos import Photos
from core.store.files.photos_shared import keeping
from core.telemetry import log

if TYPE_CHECKING:
    from bot.nlu.ai.vision import Vision
    from bot.nlu.ai.voice import Voice

KINDS = ("conversation", "sender", "media", "janitor")
"""The values of `--only`. A process with `sender` also fetches what comes in over channels with an intake; one with `media`
does every errand, photos and voice notes among them."""
DRAIN_S = 25.0


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("work", help="run the workers until SIGTERM")
    parser.add_argument("--only", default=",".join(KINDS), help=f"some of {','.join(KINDS)}")
    parser.add_argument("--workers", type=int, default=1, help="conversation workers in this process")
    parser.add_argument("--metrics-port", type=int, default=0, help="serve Prometheus metrics there (0: do not)")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    kinds = [kind.strip() for kind in chosen.only.split(",") if kind.strip()]
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown or not kinds:
        print(f"unknown kind of worker: {', '.join(unknown) or 'none'} (there are {', '.join(KINDS)})")
        return 2
    settings = open_settings()
    hide_memory()
    db = open_database(settings, name="work")
    if chosen.metrics_port:
        telemetry.serve(chosen.metrics_port, settings.bind)
    stopping = _stop_on_signals()
    crew = Crew.hire(db, settings, kinds, chosen.workers)
    crew.start()
    log.info("workers.started", kinds=kinds, conversation_workers=chosen.workers)
    stopping.wait()
    return crew.dismiss()


def _stop_on_signals() -> threading.Event:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


@dataclass(frozen=True, slots=True)
class Shared:
    """Resources that the workers of one process share."""

    db: Database
    settings: Settings
    ringer: Bell
    ear: Ear
    ways: Sequence[tuple[Channel, Carrier]]
    marks: Marks
    board: Switchboard
    reader: Reader

    @classmethod
    def open(cls, db: Database, settings: Settings, kinds: Sequence[str]) -> Shared:
        ringer, ear, ways = Bell(db.url), Ear(db.url, *bell.CHANNELS), _carriers(settings)
        markers = {channel.kind: carrier for channel, carrier in ways if isinstance(carrier, Marker)}
        marks = Marks(markers, enabled=settings.read_marks and "conversation" in kinds)
        board = Switchboard(db, ear, every_s=settings.switches_s)
        reader = Reader(settings, DESKS, switch=board.ai_on, on_change=telemetry.breaker_changed)
        return cls(db, settings, ringer, ear, ways, marks, board, reader)

    def jobs(self, kind: str, workers: int) -> list[Job]:
        """The jobs of one kind of worker; of conversations so many."""
        makers: Mapping[str, Callable[[], list[Job]]] = {
            "conversation": lambda: self._conversations(workers),
            "sender": self._senders,
            "media": self._media,
            "janitor": lambda: [
                Janitor(self.db, self.ringer, self.ear, self.settings),
                Retention(self.db, self.ear, self.settings),
            ],
        }
        return makers[kind]()

    def close(self) -> None:
        for close in (self.marks.close, self.reader.close, *(carrier.close for _, carrier in self.ways)):
            close()
        self.ringer.close()
        self.db.close()

    def _conversations(self, workers: int) -> list[Job]:
        outside = SlowFacts(self.settings, on_change=telemetry.breaker_changed)
        return [self._conversation(outside, suspects=number == 0) for number in range(workers)]

    def _conversation(self, outside: SlowFacts, *, suspects: bool) -> Job:
        return ConversationWorker(
            self.db, self.ringer, self.ear, self.reader, SystemClock(), self.settings, self.marks, self.board.off,
            outside, suspects=suspects,
        )  # fmt: skip

    def _senders(self) -> list[Job]:
        intakes = _intakes(self.settings, keeping(self.settings, self.db))
        return [
            *(Sender(self.db, self.ear, channel, carrier, self.settings) for channel, carrier in self.ways),
            *(Receiver(self.db, self.ringer, channel, intake, self.settings) for channel, intake in intakes),
        ]

    def _media(self) -> list[Job]:
        kept = keeping(self.settings, self.db)
        services = built_in(self.db, self.settings, examiner(self.settings, self.board.ai_on, kept), kept)
        return [
            ErrandWorker(self.db, self.ringer, self.ear, services, self.settings),
            PhotoKeeper(self.db, self.ear, kept, self.settings),
        ]


@dataclass(slots=True)
class Crew:
    """All workers of one process, and what they share."""

    loops: list[Loop]
    shared: Shared
    heartbeat: Heartbeat

    @classmethod
    def hire(cls, db: Database, settings: Settings, kinds: Sequence[str], workers: int = 1) -> Crew:
        """Workers of these kinds, ready to start."""
        shared = Shared.open(db, settings, kinds)
        watching: list[Job] = []
        if settings.app_env == "development" and "conversation" in kinds:
            watching = [DeskWatch(shared.ear)]
        loops = [Loop(job) for job in [*watching, *(job for kind in kinds for job in shared.jobs(kind, workers))]]
        heartbeat = Heartbeat(
            db,
            "workers",
            kinds,
            every_s=settings.heartbeat_s,
            log_level=settings.log_level,
            folders=settings.folders,
        )
        return cls(loops, shared, heartbeat)

    def start(self) -> None:
        for loop in self.loops:
            loop.start()
        self.heartbeat.start()

    def dismiss(self) -> int:
        """Let every worker finish what it is at. 0 when all did."""
        for loop in self.loops:
            loop.stop()
        self.shared.ear.close()
        drained = all([loop.join(DRAIN_S) for loop in self.loops])  # noqa: C419  # each is waited for, whatever came of the one before
        self.heartbeat.stop()
        self.shared.close()
        log.info("workers.stopped", drained=drained)
        return 0 if drained else 1


def _carriers(settings: Settings) -> list[tuple[Channel, Carrier]]:
    """The channels that take replies to customers, each with what takes them."""
    observer = telemetry.breaker_changed
    made = [(channel, channel.carrier(settings, observer)) for channel in CHANNELS.values() if channel.carrier]
    return [(channel, carrier) for channel, carrier in made if carrier]


def _intakes(settings: Settings, kept: Photos) -> list[tuple[Channel, Intake]]:
    """The channels that fetch what comes in, each with what fetches it."""
    made = [(channel, channel.intake(settings, kept)) for channel in CHANNELS.values() if channel.intake]
    return [(channel, intake) for channel, intake in made if intake]


def built_in(db: Database, settings: Settings, examiner: Examiner, kept: Photos) -> Services:
    """The services of this process: photos and voice notes for all, and those of each desk."""
    photo, voice = (MediaService(db, examiner, kept, settings) for _ in range(2))
    for_all: dict[str, Running] = {"photo": photo, "voice": voice, speaking.SERVICE: _speech(db, settings)}
    return Services(db, settings, for_all, on_change=telemetry.breaker_changed)


def _speech(db: Database, settings: Settings) -> OutsideService:
    """The service that speaks replies; without an AI, nothing is spoken. The breaker of the AI is its own."""
    s = settings
    breaker = Breaker("service:speech", s.breaker_failures, s.breaker_window_s, s.breaker_open_s, s.breaker_successes)
    made: Speaking | None = None
    if usable(settings):
        from bot.nlu.ai.speech import Speech

        made = Speaking(db, Speech(settings, on_change=telemetry.breaker_changed))
    return OutsideService(ServiceOf(lambda means: made, limit_s=s.ai_speech_s + 1, tries=1), made, breaker)


def examiner(settings: Settings, switch: Switch, kept: Photos) -> Examiner:
    """The examiner of photos and voice notes, with an AI where one is configured and switched on."""
    vision, voice = _senses(settings) if usable(settings) else (None, None)
    return Examiner(
        settings,
        UploadedMedia(kept, WhatsAppMedia(settings)),
        Looker(settings),
        purposes(),
        vision,
        voice,
        switch,
    )


def _senses(settings: Settings) -> tuple[Vision, Voice]:
    """Vision and voice of the AI; their library is loaded only where one is configured."""
    from bot.nlu.ai.vision import Vision
    from bot.nlu.ai.voice import Voice

    observer = telemetry.breaker_changed
    return Vision(settings, on_change=observer), Voice(settings, on_change=observer)
