"""Receives heartbeats of the sink https_json and stores each once in SQLite: python receiver.py PORT DATABASE

For a machine of your own behind a TLS proxy: it speaks plain HTTP on 127.0.0.1, and knows no users.
"""

import gzip
import io
import json
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

MOST = 1 << 20


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        try:
            body = self.rfile.read(min(int(self.headers["Content-Length"]), MOST))
            if self.headers["Content-Encoding"] == "gzip":
                with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
                    body = packed.read(MOST)  # and no more, whatever it would unpack to
            events = json.loads(body)["events"]
            rows = [(event["beat_id"], event["product"], event["timestamp"], json.dumps(event)) for event in events]
        except (KeyError, TypeError, ValueError, OSError, EOFError):
            self.answer(400)
            return
        with database:  # on disk before the answer: what is acknowledged is never sent again
            database.executemany("INSERT OR IGNORE INTO beat VALUES (?, ?, ?, ?)", rows)
        self.answer(204)

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Accept-Encoding", "gzip")  # the next body may be compressed
        self.end_headers()


database = sqlite3.connect(sys.argv[2])
database.execute("CREATE TABLE IF NOT EXISTS beat (beat_id TEXT PRIMARY KEY, product TEXT, at REAL, body TEXT)")
HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
