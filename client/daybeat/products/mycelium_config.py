"""Mycelium's settings: from its host, the environment, or `.env` in the working directory."""

from __future__ import annotations

import os

from ..consent import OFF_WORDS, ON_WORDS, off_by_environment
from ..policy import url_fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

ENDPOINT = "https://mycelium-telemetry.sornsen.io"
LOGGERS = ("daybeat.products.mycelium", "plugins.mycelium_core.telemetry")

#: Bytes of a `.env` file that are read.
MAX_ENV_FILE = 64 * 1024
MAX_SALT = 1024

HOST = "host"
ENVIRONMENT = "environment"


class Url(str):
    """An address exactly as it was given; as text it has the path `/` if it has none, as Mycelium's own settings had.

    A request has that path either way.
    """

    __slots__ = ()

    def __str__(self) -> str:
        exact = str.__str__(self)
        return exact if set("/?#") & set(exact.partition("://")[2]) else exact + "/"


class TelemetryConfig:
    """The settings of a `TelemetryClient`. Raises ValueError on a value out of range.

    `timeout` is in seconds (1 to 30), `batch_size` in events (1 to 1,000), `retry_attempts` (0 to 10) the tries after
    the first, each after 1 s × `retry_backoff`^n (1.0 to 10.0). An endpoint without a scheme gets https; http is for
    localhost alone. Without a `salt` identifiers are hashed under the installation's own, which the daemon keeps; what
    `salt` then reads is random.
    """

    __slots__ = (
        *("enabled", "endpoint", "has_own_salt", "retry_attempts", "retry_backoff", "salt", "said_by"),
        *("batch_size", "timeout"),
    )

    def __init__(
        self,
        enabled: bool = False,
        endpoint: str = ENDPOINT,
        timeout: float = 5,
        batch_size: int = 100,
        retry_attempts: int = 3,
        retry_backoff: float = 2.0,
        salt: str | None = None,
    ) -> None:
        if type(enabled) is not bool:
            raise ValueError("enabled must be True or False")
        if salt is not None and not _is_salt(salt):
            raise ValueError(f"salt must be a text of 1 to {MAX_SALT} characters")
        self.enabled = enabled
        self.endpoint = _endpoint(endpoint)
        self.timeout = _number("timeout", timeout, 1, 30)
        self.batch_size = _whole("batch_size", batch_size, 1, 1000)
        self.retry_attempts = _whole("retry_attempts", retry_attempts, 0, 10)
        self.retry_backoff = _number("retry_backoff", retry_backoff, 1.0, 10.0)
        self.has_own_salt = salt is not None
        self.salt = salt if salt is not None else os.urandom(32).hex()
        # Who said on or off: the host, the environment (which `.env` is part of), or "" for nobody.
        self.said_by = HOST

    @classmethod
    def from_env(cls) -> TelemetryConfig:
        """The settings of the environment. Never raises: with anything invalid it is disabled, after one WARNING."""
        environ: Mapping[str, str] = os.environ
        is_off = off_by_environment("TELEMETRY_ENABLED", environ) is not None
        try:
            # Where it is off no file is opened.
            config = _from(environ if is_off else {**_env_file(), **environ})
        except ValueError as fault:
            warn(str(fault))
            return cls()
        config.enabled = config.enabled and not is_off
        return config

    def is_enabled(self) -> bool:
        """Whether telemetry is switched on."""
        return self.enabled

    def __repr__(self) -> str:
        # Neither the salt nor the address, which may hold a credential.
        return f"TelemetryConfig(enabled={self.enabled}, timeout={self.timeout}, batch_size={self.batch_size})"


def warn(fault: str) -> None:
    """Say why telemetry is disabled although somebody meant to configure it: the one thing that is said aloud."""
    import logging

    logging.getLogger(LOGGERS[0]).warning("Telemetry is disabled: %s", fault)


def _from(found: Mapping[str, str]) -> TelemetryConfig:
    """The settings in these variables. Raises ValueError, whose message names the variable and not its value."""
    settings: dict[str, Any] = {}
    for name, read, words in _VARIABLES:
        text = found.get("TELEMETRY_" + name.upper(), "")
        if text.strip():
            try:
                # A salt is hashed as it was given: its blanks are part of it.
                settings[name] = text if name == "salt" else read(text.strip())
                TelemetryConfig(**{name: settings[name]})
            except ValueError:
                raise ValueError(f"TELEMETRY_{name.upper()} must be {words}") from None
    config = TelemetryConfig(**settings)
    config.said_by = ENVIRONMENT if "enabled" in settings else ""
    return config


def _switch(text: str) -> bool:
    word = text.lower()
    if word not in ON_WORDS and word not in OFF_WORDS:
        raise ValueError
    return word in ON_WORDS


def _endpoint(endpoint: object) -> Url:
    if not isinstance(endpoint, str) or not endpoint:
        raise ValueError("endpoint must be a URL")
    given = str.__str__(endpoint)
    url = given if "://" in given else f"https://{given}"
    fault = url_fault(url)
    if fault:
        raise ValueError(f"endpoint: {fault}")
    return Url(url)


def _is_salt(salt: object) -> bool:
    if type(salt) is not str or not 0 < len(salt) <= MAX_SALT:
        return False
    try:
        salt.encode()  # bytes in the environment that are no text would pass every look and fail at every event
    except UnicodeEncodeError:
        return False
    return True


def _number(name: str, value: Any, least: float, most: float) -> Any:
    if type(value) not in (int, float) or not least <= value <= most:
        raise ValueError(f"{name} must be a number from {least:g} to {most:g}")
    return value


def _whole(name: str, value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{name} must be a whole number from {least} to {most}")
    return value


def _seconds(text: str) -> int | float:
    return int(text) if text.isdigit() else float(text)


_VARIABLES: tuple[tuple[str, Any, str], ...] = (
    ("enabled", _switch, "true or false"),
    ("endpoint", str, "an https URL (http is for localhost alone)"),
    ("timeout", _seconds, "a number from 1 to 30"),
    ("batch_size", int, "a whole number from 1 to 1000"),
    ("retry_attempts", int, "a whole number from 0 to 10"),
    ("retry_backoff", float, "a number from 1.0 to 10.0"),
    ("salt", str, f"a text of at most {MAX_SALT} characters"),
)


def _env_file() -> dict[str, str]:
    """The `TELEMETRY_…` lines of `.env`: `NAME=value`, with or without `export` and quotes, `#` begins a comment."""
    try:
        descriptor = os.open(".env", os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return {}
    try:
        text = os.read(descriptor, MAX_ENV_FILE).decode("utf-8", "replace")
    except OSError:
        return {}
    finally:
        os.close(descriptor)
    found = {}
    for line in text.removeprefix("\ufeff").splitlines():
        name, equals, value = line.partition("=")
        words = name.split()
        if equals and words[-1:] and words[-1].startswith("TELEMETRY_") and words[:-1] in ([], ["export"]):
            found[words[-1]] = _unquoted(value.strip())
    return found


def _unquoted(value: str) -> str:
    if value[:1] in ("'", '"') and value[0] in value[1:]:
        return value[1 : value.index(value[0], 1)]
    return value.partition(" #")[0].partition("\t#")[0].strip() if not value.startswith("#") else ""
