"""Resource limits of the process that examines a photo."""

from __future__ import annotations

import resource
import sys

MB = 1024 * 1024


def confine(*, memory_mb: int, cpu_s: int) -> None:
    """From here on: so much memory and processor time, no file written, no core left behind."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "darwin":  # macOS knows the limit and refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (memory_mb * MB, memory_mb * MB))
