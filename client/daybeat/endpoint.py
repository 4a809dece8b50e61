"""Where the sockets, the state and the recorded choices are. Pure; the same for both sides."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

#: The longest path that fits into `sockaddr_un.sun_path` with its final NUL.
MAX_SOCKET_PATH = {"linux": 107, "darwin": 103}

ADMIN_CONSENT = "/etc/daybeat/consent/all"


class Endpoint:
    """The three directories of one person on one machine, and the paths in them. `fault` says what is wrong, or ""."""

    __slots__ = ("config", "fault", "runtime", "state")

    def __init__(self, runtime: str, state: str, config: str, fault: str = "") -> None:
        self.runtime = runtime
        self.state = state
        self.config = config
        self.fault = fault

    @property
    def ingest(self) -> str:
        return self.runtime + "/ingest.sock"

    @property
    def control(self) -> str:
        return self.runtime + "/control.sock"

    @property
    def lock(self) -> str:
        return self.runtime + "/daybeatd.lock"

    @property
    def database(self) -> str:
        return self.state + "/daybeat.db"

    @property
    def settings(self) -> str:
        return self.config + "/config.toml"

    def consent(self, name: str) -> str:
        """The file of a recorded choice: of a product, or of "all"."""
        return f"{self.config}/consent/{name}"


def locate(environ: Mapping[str, str], platform: str, uid: int) -> Endpoint:
    """The endpoint of the user `uid` on `platform` (as `sys.platform`). Never raises; what is wrong is in `.fault`."""
    if platform == "win32":
        return Endpoint("", "", "", "Windows has no daybeat daemon yet")
    home = environ.get("HOME", "")
    if platform == "darwin":
        support = _under(home, "Library/Application Support/daybeat")
        runtime, state, config = _under(home, "Library/Caches/TemporaryItems/daybeat"), support, support
    else:
        state = _under(_base(environ, "XDG_STATE_HOME") or _under(home, ".local/state"), "daybeat")
        config = _under(_base(environ, "XDG_CONFIG_HOME") or _under(home, ".config"), "daybeat")
        runtime = _under(_base(environ, "XDG_RUNTIME_DIR"), "daybeat")
    state = environ.get("DAYBEAT_STATE_DIR") or state
    config = environ.get("DAYBEAT_CONFIG_DIR") or config
    runtime = environ.get("DAYBEAT_RUNTIME_DIR") or runtime or _under(state, "run")
    return Endpoint(runtime, state, config, _fault(runtime, state, config, platform))


def _fault(runtime: str, state: str, config: str, platform: str) -> str:
    for name, place in (
        ("DAYBEAT_RUNTIME_DIR", runtime),
        ("DAYBEAT_STATE_DIR", state),
        ("DAYBEAT_CONFIG_DIR", config),
    ):
        if "\0" in place or not place.startswith("/"):
            return f"there is no home directory to keep things in; set HOME, or {name} to an absolute path"
    longest = MAX_SOCKET_PATH.get(platform, 103)
    # control.sock is the longer of the two.
    length = len(_bytes(runtime + "/control.sock"))
    if length > longest:
        return (
            f"the socket path {runtime}/control.sock has {length} bytes and this platform allows {longest}; "
            "set DAYBEAT_RUNTIME_DIR to a shorter directory"
        )
    return ""


def _bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _base(environ: Mapping[str, str], variable: str) -> str:
    """A base directory, or "". A relative one is ignored, as the XDG specification asks."""
    place = environ.get(variable, "")
    return place if place.startswith("/") else ""


def _under(base: str, name: str) -> str:
    return f"{base}/{name}" if base else ""
