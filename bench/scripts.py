"""Scripts of different customers: five lines each, one reply to each, and the line that opens a ticket, if any."""

from __future__ import annotations

from typing import Final

from bench.letters import CONVERSATION, Script

SCRIPTS: Final[tuple[tuple[Script, int | None], ...]] = (
    (CONVERSATION, 4),
    (
        (
            "hola",
            "numero de empleado 276543476 y numero de carro 483765723 no enciende",
            "Av. Juárez 120, colonia Centro, Monterrey",
            "gracias",
            "mis reportes",
        ),
        2,
    ),
    (("Hola, el refrigerador con código 4045101 no enfría bien desde ayer", "no", "4045101", "sí", "gracias"), 3),
    (("refrigerador", "4045101", "ayuda", "sí", "gotea agua por la puerta desde el lunes"), 4),
    (("hola", "mis reportes", "TKT-0000FFFF", "menú", "gracias"), None),
    (("hello", "refrigerator", "4045101", "yes", "it is not cooling since yesterday"), 4),
    (("hola", "no sé qué tiene", "vehículo", "cancelar", "gracias"), None),
)
