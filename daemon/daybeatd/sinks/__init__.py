"""Where heartbeats can go: one small file a sink, each a `Form` of pure functions behind the same contract.

A further sink takes one file and one line here. A sink opens nothing: `daybeatd.courier` does what a `Delivery` says.
"""

from __future__ import annotations

from daybeatd.sinks import file, https_json, otlp, posthog
from daybeatd.sinks.contract import Form

FORMS: dict[str, Form] = {
    "file": file.FORM,
    "https_json": https_json.FORM,
    "otlp": otlp.FORM,
    "posthog": posthog.FORM,
}
