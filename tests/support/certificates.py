"""Certificates that are right, and wrong in each way that matters, from a private authority of the test's own."""

from __future__ import annotations

import datetime
import ssl
from pathlib import Path

import trustme

HOST = "collector.test"
"""A name that no resolver knows: only a proxy of the test's own leads there."""

NAMES = ("127.0.0.1", "localhost", "::1", HOST)


class Authority:
    """A private authority; `file` is what a person would name as CA bundle."""

    def __init__(self, directory: Path) -> None:
        self._ca = trustme.CA()
        self.file = str(directory / "authority.pem")
        self._ca.cert_pem.write_to_path(self.file)

    def server(self, *names: str, expired: bool = False, early: bool = False, protocol: str = "") -> ssl.SSLContext:
        """A server's context with a certificate for `names`; `NAMES` unless said."""
        now = datetime.datetime.now(datetime.UTC)
        day = datetime.timedelta(days=1)
        leaf = self._ca.issue_cert(
            *(names or NAMES),
            not_before=now + day if early else now - 2 * day,
            not_after=now - day if expired else now + 2 * day,
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        leaf.configure_cert(context)
        if protocol:
            context.set_alpn_protocols([protocol])
        return context

    def self_signed(self) -> ssl.SSLContext:
        """A server that shows an authority's own certificate, signed by itself."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with self._ca.cert_pem.tempfile() as certificate, self._ca.private_key_pem.tempfile() as key:
            context.load_cert_chain(certificate, key)
        return context
