"""Local telemetry that a program's users would leave switched on: the light client of `daybeatd`.

PYTEST_DONT_REWRITE: as the home of a fixture, pytest would warn where the host has imported it before.
"""

from .policy import PolicyError, Sink
from .sinks import file, https_json, otlp, posthog
from .telemetry import Telemetry

__version__ = "0.1.0"

__all__ = ["PolicyError", "Sink", "Telemetry", "__version__", "file", "https_json", "otlp", "posthog"]
