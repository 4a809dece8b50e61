"""Thousands of secrets, handed to the real client in every way there is; the real daemon, its disk, all it shows.

The unit of proof is the byte: whatever was not declared is in no file, no log, no answer of the tool, and no body, as
it was or decoded. `support.hostile` makes the secrets, `support.seen` gathers what there is to see.
"""

from __future__ import annotations

import json
import re

from support.collector import Answer, Collector
from support.hostile import DISGUISES, GENERATORS, Random, is_like_a_name
from support.house import House
from support.products import acme, https_json
from support.seen import Haystack, answers, bodies, cells, files
from support.waiting import until

ROUNDS = 1
PERSON = "zorblattina"

#: Runs below the person's home. `wild` says whether a name under a wildcard may carry the secret, see docs/privacy.md.
HOST = '''
import contextlib, json, os, sys, traceback
planted = json.load(open(sys.argv[1]))
telemetry.count("cli.first")
assert telemetry.flush(20)
def quietly(make):
    try:
        return make()
    except Exception:
        return None
class Loud(str):
    pass
SOURCE = """
def run(secret):
    try:
        {}[secret]
    except KeyError as cause:
        raise ValueError(secret) from cause
run(S)
"""
for number, (secret, wild) in enumerate(planted):
    names = [secret, "other." + secret, secret + ".count"]
    if wild:
        names += ["feature." + secret, "feature." + secret + ".count", "cli.run-" + secret]
    for name in names:
        telemetry.count(name)
        telemetry.counter(name).inc(2)
        telemetry.observe(name, 1.5, unit=secret, tags={secret: "search", "operation": secret, "user": secret})
        telemetry.event(name, {secret: secret, "agent_id": secret, "metadata": {"success": secret}})
    telemetry.observe("latency.search", 2.5, unit=secret, tags={"operation": secret})
    who = {"user": secret, "agent": secret, "tenant_id": secret, "path": secret}
    telemetry.observe("latency.search", 2.5, "ms", who)
    telemetry.observe("latency.search", secret, secret)
    with telemetry.timer("latency.build", {"operation": secret, secret: secret}):
        pass
    telemetry.count(Loud("feature.search"), n=secret)
    telemetry.count(secret.encode())
    telemetry.error(secret)
    telemetry.error(f"ValueError: {secret}")
    telemetry.error("acme." + secret)
    for module in ("acme.core", "builtins", "json", "__main__", secret):
        made = quietly(lambda: type(secret, (Exception,), {"__module__": module}))
        if made is not None:
            telemetry.error(made)
            telemetry.error(quietly(lambda: made(secret)) or made)
    try:
        exec(compile(SOURCE, os.path.expanduser("~/projects/main.py"), "exec"), {"S": secret})
    except ValueError as error:
        error.add_note(secret)
        telemetry.error(error)
    if number % 4 == 3:
        assert telemetry.flush(20), number
telemetry.count("feature.search", 7)
assert telemetry.flush(20)
'''


def planted() -> list[tuple[str, str]]:
    """Each generator under each disguise: the secret, and as it is handed over."""
    found = []
    for seed in range(len(GENERATORS) * len(DISGUISES) * ROUNDS):
        r = Random(seed + 77_000)
        secret = GENERATORS[seed % len(GENERATORS)](r)
        found.append((secret, DISGUISES[(seed // len(GENERATORS)) % len(DISGUISES)](secret)))
    return found


def assert_clean(haystack: Haystack, secrets: list[tuple[str, str]], known: Haystack | None = None) -> None:
    leaks = []
    for secret, form in secrets:
        found = haystack.found(secret, known) or haystack.found(form, known)
        if found:
            leaks.append((found, secret, form))
    assert leaks == []


def test_nothing_of_thousands_of_secrets_is_in_any_file_log_answer_or_body(house: House, collector: Collector) -> None:
    secrets = planted()
    assert len(secrets) > 2500
    home = house.root / "home" / PERSON
    (home / "projects").mkdir(parents=True)
    corpus = home / "planted.json"
    corpus.write_text(json.dumps([[form, not is_like_a_name(secret, form)] for secret, form in secrets]))
    host = home / "projects" / "main.py"
    declare = ["feature.*", "cli.*", "latency.*", "size.*", "feature.search"]
    policy = {
        "declare": declare,
        "tags": {"operation": ["search", "build"], "user": [], "agent": [], "tenant_id": []},
        "errors": ["acme"],
    }
    host.write_text(acme(https_json(collector.url), **policy) + HOST)  # type: ignore[arg-type]
    daemon = house.start_daemon("--log-level", "debug")
    ordinary = "telemetry.count('cli.known')\ntelemetry.observe('latency.known', 1.5)\ntelemetry.error(ValueError())\n"
    house.run_client(acme(https_json(collector.url), **policy) + ordinary)  # type: ignore[arg-type]
    house.await_counters({"cli.known": 1})
    stored = ["positive", "negative"]  # the halves of a distribution, as the database has them
    known = Haystack([*answers(house).values(), *bodies(collector).values(), *stored])
    parts = 4
    for part in range(parts):
        corpus.write_text(
            json.dumps([[form, not is_like_a_name(secret, form)] for secret, form in secrets[part::parts]])
        )
        done = house.python(str(host), str(corpus), HOME=str(home))
        assert done.returncode == 0, done.stderr
        assert (done.stdout, done.stderr) == ("", "")

    def arrived() -> bool:
        return house.held().get("feature.search") == 7 * parts

    until(arrived, lambda: f"{house.held().get('feature.search')} of {7 * parts}")
    before = answers(house)
    kept = files(house)
    house.send("acme")
    shown = answers(house)
    sent = bodies(collector)
    assert any(b'"feature.search":28' in body for body in sent.values())
    dropped = sum(json.loads(before["daybeat status --json"])["products"]["acme"]["streams"][0]["dropped"].values())
    assert dropped > 50_000
    assert_clean(Haystack([*before.values(), *shown.values(), *sent.values(), *kept.values()]), secrets, known)
    daemon.stop()
    left = files(house)
    assert any(path.endswith("daybeat.db") for path in left)
    everything = Haystack([*left.values(), *cells(house.state / "daybeat.db"), daemon.log])
    assert_clean(everything, secrets, known)
    assert everything.found("feature.search"), "what is there is not found: nothing was proven"
    for haystack in (everything, Haystack([*before.values(), *shown.values(), *sent.values(), *kept.values()])):
        assert not haystack.found(PERSON)


def test_no_version_and_no_fact_of_a_process_carries_anything(house: House, collector: Collector) -> None:
    secrets = [entry for entry in planted() if is_local_label(entry[1])][:60]
    assert len(secrets) > 30
    house.start_daemon("--log-level", "debug")
    for start in range(0, len(secrets), 4):
        code = "import daybeat\n"
        for _, form in secrets[start : start + 4]:
            label = local_label(form)
            code += acme(https_json(collector.url), version=f"2.1.0+{label}").partition("\n")[2]
            code += "telemetry.count('feature.search')\ntelemetry.flush(20)\n"
        house.run_client(code)
    house.await_counters({"feature.search": len(secrets)})
    house.settle()
    seen = Haystack([*answers(house).values(), *files(house).values()])
    assert_clean(seen, [(local_label(form), local_label(form)) for _, form in secrets])
    assert house.beat()["product_version"] == "2.1.0"


def local_label(form: str) -> str:
    return re.sub(r"[^a-z0-9]+", ".", form.lower()).strip(".")[:50].strip(".")


def is_local_label(form: str) -> bool:
    return form.isascii() and len(local_label(form)) > 12 and not re.fullmatch(r"[0-9.]+", local_label(form))


def test_credentials_of_a_sink_are_shown_nowhere(house: House, collector: Collector) -> None:
    """They are kept in the database, which nobody else can read: without them nothing could be sent."""
    credentials = ["hunter4711pass", "tok-qqzzxx4711", "phckeyqqzz4711zz", "quqq4711query", "pathqqzz4711token"]
    address = collector.url.replace("http://", "http://somebody:hunter4711pass@")
    sinks = {
        "acme": f"daybeat.https_json({address + '/pathqqzz4711token?k=quqq4711query'!r}, "
        "headers={'Authorization': 'Bearer tok-qqzzxx4711'})",
        "bacme": f"daybeat.posthog('phckeyqqzz4711zz', host={address!r})",
    }
    daemon = house.start_daemon("--log-level", "debug")
    for name, sink in sinks.items():
        house.run_client(acme(sink).replace("'acme'", repr(name)) + "telemetry.count('feature.search')\n")
        house.await_counters({"feature.search": 1}, name) if name == "acme" else house.settle()
    told = answers(house)
    house.send("acme")
    collector.answer(then=Answer(status=401))
    house.run_client(acme(sinks["acme"]) + "telemetry.count('feature.search')\n")
    house.await_counters({"feature.search": 1})
    assert house.daybeat("send", "acme").returncode == 1
    later = answers(house)
    everything = {**told, **{f"later {name}": text for name, text in later.items()}, "log": daemon.log}
    for name, text in everything.items():
        shown = [credential for credential in credentials if credential in text]
        if "preview" in name or "history" in name or "export" in name:
            # The exact body of PostHog has the project's key in it, which only lets write.
            shown = [credential for credential in shown if credential != "phckeyqqzz4711zz"]
        assert shown == [], name
    assert any("401" in finding["what"] for finding in json.loads(house.daybeat("doctor", "--json").stdout))
