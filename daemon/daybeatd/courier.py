"""The courier, `python -m daybeatd.courier`: a short-lived child that makes one attempt for each request it is given.

The process that sees the data has no network, this one sees only finished bodies. It reads requests from its standard
input and writes results to its standard output, both of them pipes (`daybeatd.courier_wire`); several attempts may
be under way at once. Whether to try again is the daemon's decision. It exits 0 at the end of its input, once what is
under way has ended, after a minute without work, and when nobody reads its results; 1 when what it reads is no request.
SIGTERM ends it at once; SIGINT, which a terminal sends to the daemon as well, is ignored. It writes nothing to stderr.

The only module with httpx.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import ssl
import sys
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from daybeat import __version__
from daybeat.policy import is_local, url_fault
from daybeatd.courier_file import append
from daybeatd.courier_wire import (
    HEAD_BYTES,
    MAX_ANSWER,
    MAX_REQUEST,
    CourierWireError,
    Request,
    length,
    pack_result,
    unpack_request,
)
from daybeatd.courier_words import Progress, fault
from daybeatd.sinks.contract import Result

if TYPE_CHECKING:
    import httpx

#: Seconds without work after which the courier ends.
IDLE = 60.0

#: Headers that the transport sets by itself, whatever a product's policy says.
_OWN_HEADERS = frozenset({"connection", "content-length", "host", "te", "transfer-encoding", "upgrade", "user-agent"})


class Refused(Exception):
    """An attempt that must not or cannot be made; the message says why, without the address."""


class _Results(asyncio.Protocol):
    """The writing end of our results; `gone` is done when it is closed, by us or by the reader."""

    def __init__(self) -> None:
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.gone.done():
            self.gone.set_result(None)


def main(idle: float = IDLE) -> None:
    """Be the courier; ends the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _be_quiet()
    # Not asyncio.run: it would wait for threads that still look up a name.
    os._exit(asyncio.new_event_loop().run_until_complete(_work(idle)))


def _be_quiet() -> None:
    warnings.simplefilter("ignore")
    logging.getLogger().addHandler(logging.NullHandler())  # else errors without a handler go to stderr
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


async def _work(idle: float) -> int:
    """Serve the pipes of this process; its exit code."""
    loop = asyncio.get_running_loop()
    requests = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(requests), sys.stdin)
    out, results = await loop.connect_write_pipe(_Results, sys.stdout)
    serving = asyncio.create_task(serve(requests, out.write, idle))
    ends: set[asyncio.Future[Any]] = {serving, results.gone}
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    if not serving.done():
        return 0
    out.close()
    await results.gone  # all that was written is out
    return serving.result()


async def serve(requests: asyncio.StreamReader, write: Callable[[bytes], None], idle: float) -> int:
    """Answer every request with one result; the exit code when there is nothing more to do."""
    attempts: set[asyncio.Task[None]] = set()
    code = 0
    while True:
        try:
            request = await _next(requests, idle)
        except TimeoutError:
            if attempts:
                continue
            return 0
        except CourierWireError:
            request, code = None, 1
        if request is None:
            break
        attempt = asyncio.create_task(_answer(request, write))
        attempts.add(attempt)
        attempt.add_done_callback(attempts.discard)
    if attempts:
        await asyncio.wait(attempts)
    return code


async def _next(requests: asyncio.StreamReader, idle: float) -> Request | None:
    """The next request, or None at the end of the input.

    Raises CourierWireError, and TimeoutError when none began within `idle` seconds.
    """
    try:
        async with asyncio.timeout(idle):
            head = await requests.readexactly(HEAD_BYTES)
        return unpack_request(await requests.readexactly(length(head, MAX_REQUEST)))
    except asyncio.IncompleteReadError:
        return None


async def _answer(request: Request, write: Callable[[bytes], None]) -> None:
    """Make one attempt and write its result, at the deadline at the latest: what does not end by then is left alone."""
    if request.delivery.url:
        _load()
    progress = Progress()
    attempt = asyncio.create_task(_attempt(request, progress))
    ended, _ = await asyncio.wait({attempt}, timeout=request.delivery.timeout)
    if ended:
        result = attempt.result()
    else:
        attempt.cancel()
        attempt.add_done_callback(lambda left: left.cancelled() or left.exception())
        result = progress.result(f"timed out after {request.delivery.timeout:g} s {progress.phase}")
    write(pack_result(request.id, result))


def _load() -> None:
    """Import what an attempt needs before its clock starts: from a cold disk that can take longer than a timeout."""
    import httpx  # noqa: F401
    import truststore  # noqa: F401


async def _attempt(request: Request, progress: Progress) -> Result:
    """One attempt, without a deadline."""
    if request.delivery.path:
        progress.phase = "while the file was written"
        return await asyncio.to_thread(append, request.delivery.path, request.body)
    try:
        await _post(request, progress)
    except Refused as refusal:
        return progress.result(str(refusal))
    except Exception as error:  # noqa: BLE001 - the courier's one catch-all: whatever breaks is a failed attempt
        return progress.result(_in_words(error, through_proxy=bool(_proxy_of(request))))
    return progress.result()


async def _post(request: Request, progress: Progress) -> None:
    """POST the body as it stands, and keep what is needed of the answer."""
    import httpx

    url = _permitted(request.delivery.url)
    headers = {name.lower(): value for name, value in request.delivery.headers.items()}  # the last of a name counts
    headers = {name: value for name, value in headers.items() if name not in _OWN_HEADERS}
    headers |= {"user-agent": f"daybeat/{__version__}", "accept-encoding": "identity"}
    if "authorization" in headers:
        url = url.copy_with(userinfo=b"")  # which httpx would put in its place
    client = httpx.AsyncClient(
        verify=_trust(request.ca),
        proxy=_proxy(request),
        trust_env=False,  # `_proxy` has looked
        http2=True,
        timeout=None,  # one deadline is for the whole attempt, in `_answer`
        follow_redirects=False,
    )

    async def note(event: str, info: dict[str, Any]) -> None:
        progress.note(event)

    async with (
        client,
        client.stream("POST", url, content=request.body, headers=headers, extensions={"trace": note}) as response,
    ):
        progress.status = response.status_code
        progress.retry_after = response.headers.get("Retry-After", "")
        progress.accept_encoding = response.headers.get("Accept-Encoding", "")
        async for chunk in response.aiter_raw():
            progress.answer += chunk[: MAX_ANSWER - len(progress.answer)]
            if len(progress.answer) >= MAX_ANSWER:
                return


def _permitted(address: str) -> httpx.URL:
    """The address, if it may be used; both readings of it must agree that it is HTTPS or this machine's own."""
    import httpx

    wrong = url_fault(address)
    if wrong:
        raise Refused(wrong)
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise Refused("the address cannot be read") from error
    if url.scheme != "https" and not (url.scheme == "http" and is_local(url.host)):
        raise Refused("the address must be https (plain http is for localhost alone)")
    if url.port is not None and not 0 < url.port < 65536:
        raise Refused("the address has no port from 1 to 65535")
    return url


def _trust(ca: str) -> ssl.SSLContext:
    """Whom TLS believes: the authorities in the file `ca`, or else the system's. Raises Refused."""
    if ca:
        try:
            return ssl.create_default_context(cafile=ca)
        except OSError as error:  # SSLError is one
            raise Refused("the file of certificate authorities cannot be read, or holds none") from error
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _proxy(request: Request) -> httpx.Proxy | None:
    """The way to the proxy, with trust of its own: the offer of HTTP/2 is written into the one for the sink."""
    import httpx

    address = _proxy_of(request)
    if not address:
        return None
    if not address.startswith(("http://", "https://")):
        raise Refused("the proxy's address must begin with http:// or https:// (SOCKS is not supported)")
    try:
        proxy = httpx.Proxy(address, ssl_context=_trust(request.ca) if address.startswith("https:") else None)
    except httpx.InvalidURL as error:
        raise Refused("the proxy's address cannot be read") from error
    if not proxy.url.host:
        raise Refused("the proxy's address cannot be read")
    return proxy


def _proxy_of(request: Request) -> str:
    """The proxy for a request: its own, or what the environment (on macOS: the system) names; "" for none.

    Never for this machine itself: plain HTTP would leave it.
    """
    from urllib.parse import urlsplit
    from urllib.request import getproxies, proxy_bypass

    host = urlsplit(request.delivery.url).hostname or ""
    if is_local(host):
        return ""
    proxy = request.proxy
    if not proxy:
        known = getproxies()
        proxy = known.get("https") or known.get("all") or ""
        if not proxy or proxy_bypass(host):
            return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def _in_words(error: Exception, *, through_proxy: bool) -> str:
    """What went wrong before an answer came, in one line of our own words."""
    import httpx

    if isinstance(error, httpx.ProxyError):
        status = str(error).partition(" ")[0]
        return f"the proxy refused ({status})" if status.isdecimal() else "the proxy refused"
    words = fault(error)
    if words:
        at_proxy = through_proxy and isinstance(error, httpx.ConnectError) and not words.startswith(("TLS", "the cert"))
        return f"the proxy: {words}" if at_proxy else words
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in str(error):
        return "the answer broke the rules of HTTP"
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError):
        return "the connection was closed without an answer"
    if isinstance(error, httpx.WriteError):
        return "the connection was closed while the body was sent"
    if isinstance(error, httpx.ConnectError):
        return "the connection was closed before it stood"
    return f"the attempt failed ({type(error).__name__})"


if __name__ == "__main__":
    main()
