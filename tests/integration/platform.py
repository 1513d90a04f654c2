"""What tests of sending to the simulator share: the real carrier, and the Graph API's double with its checks behind it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from pydantic import SecretStr

from bot.channels.whatsapp import CHANNEL as WHATSAPP
from bot.channels.whatsapp.carrier import WhatsAppCarrier
from bot.workers.sender import Sender
from tests import businesses
from tests.integration.crew import Rooms
from tests.unit.simulator import stage
from tests.unit.simulator.stage import Simulated

IT_NUMBER = "100000000000002"
IT_DESK = {
    "desks": [
        {
            "id": "it-desk",
            "name": "Mesa Clara",
            "language": "es-AR",
            "timezone": "America/Argentina/Buenos_Aires",
            "menu": "help_desk",
            "whatsapp": [IT_NUMBER],
            "settings": {"contact": "ayuda@mesa.example", "policy": "https://mesa.example", "ticket_family": "TCK"},
        }
    ]
}


@contextmanager
def connected(rooms: Rooms, simulated: Simulated) -> Iterator[Rooms]:
    """The rooms, whose sender now speaks to the simulator; the IT desk is there too."""
    more = {"graph_api_url": f"{simulated.url}/graph", "whatsapp_access_token": SecretStr(stage.TOKEN)}
    with closing(WhatsAppCarrier(rooms.settings.model_copy(update=more))) as carrier:
        rooms.sender.drain()
        rooms.sender = Sender(rooms.db, rooms.ear, WHATSAPP, carrier, rooms.settings)
        with rooms.db.transaction() as tx:
            businesses.put(tx, IT_DESK)
        yield rooms
