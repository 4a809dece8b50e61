"""The public functions that describe a sink. None raises: of an invalid description the policy's fault tells."""

from __future__ import annotations

from . import policy
from .guard import guarded, name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .policy import Sink, Unusable


def https_json(
    url: str,
    timeout: float = 5,
    retry_attempts: int = 3,
    retry_backoff: float = 2.0,
    headers: Mapping[str, str] | None = None,
) -> Sink | Unusable:
    """A JSON body, POSTed to `url` exactly as given.

    `timeout` in seconds, above 0 and at most 60, for a whole attempt; `retry_attempts` from 0 to 10 after the first;
    `retry_backoff` from 1 to 10, by which the waits between them grow. Plain http is for localhost alone.
    """
    return _described(policy.https_json, url, timeout, retry_attempts, retry_backoff, headers)


def posthog(api_key: str, host: str = "https://us.i.posthog.com") -> Sink | Unusable:
    """A PostHog project by its key: `POST <host>/batch/`."""
    return _described(policy.posthog, api_key, host)


def otlp(url: str, headers: Mapping[str, str] | None = None) -> Sink | Unusable:
    """An OpenTelemetry receiver: OTLP over HTTP, `url` with its path."""
    return _described(policy.otlp, url, headers)


def file(path: str) -> Sink | Unusable:
    """A file of one JSON object a line. `path` must be absolute: the daemon's working directory is another one."""
    return _described(policy.file, path)


def _described(describe: Callable[..., Sink | Unusable], *arguments: object) -> Sink | Unusable:
    return guarded(describe, *arguments, otherwise=_unusable)


def _unusable(error: Exception) -> Unusable:
    known = type(error) is policy.PolicyError
    return policy.Unusable(fault=str(error) if known else f"the sink's description: {name_of(error)}")
