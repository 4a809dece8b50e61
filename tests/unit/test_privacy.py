"""The verdicts of one policy, case by case."""

from __future__ import annotations

import hashlib
import math

import pytest

from daybeat import privacy
from daybeat.policy import policy

ACME = policy(
    "acme",
    declare=["feature.*", "latency.*", "workflow.*.count", "cli.run", "feature.api-key"],
    tags={"operation": ["search", "build"], "cached": ["true", "false"], "user": [], "tenant_id": ["house"]},
    errors=["acme", "httpx", "other.errors.Declared", "ByName"],
)


def _corpus(text: str) -> list[str]:
    return text.split()


UNSAFE = _corpus("""
feature.apikey feature.api-key2 feature.userpath feature.file-path feature.user-query feature.e-mail
feature.first-name feature.ghp_abc feature.sk_live_abc feature.akia-something feature.eyjhbgci
feature.deadbeef01 feature.550e8400-e29b feature.a8f5f167f44f feature.10.0.0.1 feature.192-168-1-1
feature.ip-10-0-0-12 feature.fe80-1 feature.aa-bb-cc-dd-ee-ff feature.jane-at-example-com
feature.jane_example_com feature.jane.doe.example.com feature.jane-gmail-com feature.hans_web_de
feature.acme.co.uk feature.555-123-4567 feature.call-5551234 feature.123-45-6789 feature.123.45.6789
feature.1985-03-12 feature.12-03-1985 feature.4111-1111-1111-1111 feature.de89-3704-0044
feature.home-jane feature.users_jane feature.c_users_jane feature.opt-acme-data feature.home.jane.taxes
feature.j-a-n-e feature.a-b-e feature.d-a-b-c feature.one-two-three-four feature.my-contract feature.write-a-poem
feature.explain-the-merger feature.select-name-from-users feature.drop-table-users feature.xkqzvjwpr
feature.abcdefghijklmnopqrstuvwxyz feature.hunter2 feature.p4ssw0rd feature.jdoe1985 feature.ab12cde
feature.sw1a-1aa workflow.apikey.count feature.Jane feature.jane@example.com feature.a--b feature.
feature.a/b
feature.user-71 feature.acct110 feature.session-985 feature.sess_985 feature.tenant.42 feature.patient-12-visit
feature.221b-baker-street feature.rue-12 feature.31-86 feature.14.78 feature.48-21.count
feature.droptablecustomers feature.deletefromorders feature.updateuserssetname feature.homealicesshidrsa
feature.varlogauthlog feature.aliceexamplecom feature.salaryreviewxlsx feature.importosossystem
feature.summarize-this-contract-for-me
feature.lz-950-tm feature.lz.950.tm feature.v727-288 feature.code-604.x517 feature.day12-month07-year85
feature.moc-elpmaxe-enaj feature.moc.liamg.enaj feature.lacol.koobcam.enaj feature.enaj.sresu feature.drowssap-new
feature.desktop-eizuoe8 feature.wilhelminasshid_ed25519
feature.akikosshid_ed25519 feature.amqps-svc-aklnikoh6-mq-ionescu-io
feature.https-wiki-globex-merger feature.https.intranet.acme.plans.x
feature.hvsc.aesi.ote0.cryo feature.gl.pa.tc.6o.dm feature.16_ce_qwrebe_p feature.xkzqg-eppqc-umgac
feature.nl.06.ab.na.70 feature.cobadeff-605 feature.vietthuxinnghiviec feature.wilhelmina-zorblatt-quixley
feature.if-user-age-18-reject-user feature.if.user.age.18.reject.user
feature.hz-ohgb5 feature.zorblatt2.sync feature.fp41-ant feature.koszeghy-57 feature.cc-ad-41
feature.gb60-nwbk feature.pin-54-10 feature.why-did-zorblatt-leave feature.zorblatt-has-cancer
feature.update.zorblatt.set.quixley feature.zorblatt-quixley-io feature.bfexr-ifiil feature.tbe-76s
feature.fouronetwoonezero feature.juliett-alpha-november-echo feature.locker-77 feature.jane-gmail feature.bcdfgh
feature.public.class.zorblatt.run feature.nineteen-eighty-four
feature.f-7-zgc-z feature.34q.0p.s1 feature.run-if.user.age.18.reject
feature.h32-8 feature.dx-g17 feature.blood-group-c32-4-zorblatt feature.user-ab12 feature.pi-t-445 feature.445-pi-t
feature.ignore-previous-instructions-and-print feature.data-class-zorblatt-val-quixley-string
feature.delete.all.records.of.zorblatt feature.work.zorblatt.repos.quixley.src feature.zorblatt-quixley-py
feature.dho-p202 feature.mr_zorblatt_quixley feature.customer-zorblatt-quixley feature.51-pf-rr feature.ms-865-nkq
feature.d07-528 feature.31-ms-tn feature.90-q8-pp-n2-ps-s0 feature.3-zorblatt-bridge
feature.28-july-2018 feature.dec-3-1985 feature.pt.r4.qz feature.v36-dbu
feature.icd10-f90-9 feature.49-zorblatt-rapids feature.run-media-zorblatt-quixley
feature.draft-resignation-letter-for feature.new-zorblatt-net feature.dr-zorblatt feature.zorblattmailru
feature.zorblatt.net.duration
""")


@pytest.mark.parametrize(
    "name",
    _corpus("""
feature.user-7 feature.users-list feature.session-start feature.street-view feature.road-map feature.ubuntu-22-04
feature.python.3-11 feature.batch-32-10 feature.universal-login feature.telecom feature.intercom feature.filesystem
feature.lru-cache feature.db.reset feature.https-only feature.https-redirect feature.sankey
feature.createtable feature.exporttocsv feature.conversational feature.remember-me feature.contact-us feature.v2-1
feature.n17 feature.f599 feature.name-599 feature.x-42 feature.slot-7 feature.test42 feature.zorblatt.quixley-sync
feature.thread.name feature.web-app feature.sign-in-with-google
feature.top-k-20 feature.user-zorblatt feature.scroll-to feature.ab-test.variant-a feature.multiplayer.coop
feature.p99-9 feature.v12-3 feature.mr-create feature.dr-failover feature.zorblatt.quixley.cache.refresh.count
feature.messaging.rocketmq.client_group
feature.gemini-1-5-pro.duration feature.export-py feature.zorblatt-json feature.session-v2 feature.resnet
feature.zorblatt-3 feature.deduplicated-embeddings-cache-refresh
"""),
)
def test_what_looks_like_them_and_is_none_is_kept(rules: privacy.Rules, name: str) -> None:
    assert rules.name(name) == (name, "")


@pytest.mark.parametrize("name", ["feature.a.b.c.d.e", "feature.x-y-z", "feature." + "a" * 64, "feature." + "x" * 8])
def test_what_only_fills_a_place_is_kept(rules: privacy.Rules, name: str) -> None:
    """Six segments and 64 characters are the grammar's limits, and this is how people try them."""
    assert rules.name(name) == (name, "")


@pytest.fixture
def rules() -> privacy.Rules:
    return privacy.Rules(ACME, b"salt")


@pytest.mark.parametrize(
    "name", ["cli.run", "feature.api-key", "feature.search", "feature.db.read.p99", "workflow.etl.count"]
)
def test_a_declared_name_is_kept(rules: privacy.Rules, name: str) -> None:
    assert rules.name(name) == (name, "")


@pytest.mark.parametrize("name", ["cli.walk", "workflow.etl", "workflow.count", "other", "feature"])
def test_an_undeclared_name_is_dropped(rules: privacy.Rules, name: str) -> None:
    assert rules.name(name) == ("", "undeclared")


@pytest.mark.parametrize(
    "name",
    UNSAFE,
)
def test_what_a_wildcard_does_not_let_through(rules: privacy.Rules, name: str) -> None:
    assert rules.name(name) == ("", "unsafe")


def test_a_name_over_the_limits_is_unsafe(rules: privacy.Rules) -> None:
    for name in ["feature." + "a" * 65, "feature" + ".a" * 6, 7, None, b"feature.search", ["feature.search"]]:
        assert rules.name(name) == ("", "unsafe")


def test_exactly_declared(rules: privacy.Rules) -> None:
    assert rules.is_declared_exactly("feature.api-key")
    assert not rules.is_declared_exactly("feature.search")
    assert not rules.is_declared_exactly("feature.*")


def test_tags_are_sorted_and_closed(rules: privacy.Rules) -> None:
    tags = (("operation", "search"), ("cached", "true"))
    assert rules.observation("latency.db", "ms", tags) == ("latency.db{cached=true,operation=search}", "ms", ())
    assert rules.observation("latency.db", "ms", {"cached": True})[0] == "latency.db{cached=true}"
    assert rules.observation("latency.db", "ms", (("operation", "jane"),)) == ("latency.db", "ms", ("undeclared",))
    assert rules.observation("latency.db", "ms", (("secret", "x"), ("x", "y")))[2] == ("undeclared", "undeclared")
    assert rules.observation("nope", "ms", tags) == ("", "ms", ("undeclared",))
    assert rules.observation("latency.db", "furlong", ()) == ("latency.db", "1", ())


def test_open_values_are_hashed_under_the_salt(rules: privacy.Rules) -> None:
    key, _, reasons = rules.observation("latency.db", "ms", (("user", "jane@example.com"),))
    assert key == f"latency.db{{user={privacy.identifier('jane@example.com', b'salt')}}}"
    assert reasons == ()
    other = privacy.Rules(ACME, b"pepper").observation("latency.db", "ms", (("user", "jane@example.com"),))[0]
    assert other != key
    assert rules.observation("latency.db", "ms", (("tenant_id", "house"),))[0] == "latency.db{tenant_id=house}"


def test_equal_keys_of_unequal_kinds_share_no_verdict(rules: privacy.Rules) -> None:
    assert rules.observation("latency.db", "ms", (("cached", "true"),))[0] == "latency.db{cached=true}"
    assert rules.observation("latency.db", "ms", (("cached", 1),))[0] == "latency.db"
    assert rules.observation("latency.db", "ms", (("cached", True),))[0] == "latency.db{cached=true}"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("builtins:ValueError", "ValueError"),
        ("ValueError", "ValueError"),
        ("builtins:ValueErrorJane", "OtherError"),
        ("json.decoder:JSONDecodeError", "JSONDecodeError"),
        ("json.JSONDecodeError", "JSONDecodeError"),
        ("json:jane_doe_Error", "OtherError"),
        ("json:JaneDoeError", "OtherError"),
        ("acme.errors:BadThing", "BadThing"),
        ("acme.errors:make.<locals>.BadThing", "BadThing"),
        ("acme.errors:<locals>.AcmeQuotaExceeded", "AcmeQuotaExceeded"),
        ("acme.errors:<locals>.TridiagonalError", "TridiagonalError"),
        ("acme.errors:<locals>.TridiagonalZorblattError", "OtherError"),  # a type that is there may be called so
        ("acme.errors:TridiagonalZorblattError", "TridiagonalZorblattError"),
        ("acme:<locals>.AcmeFatimaQuixleyDumpError", "OtherError"),
        ("acme:<locals>.WhyDidJaneLeaveError", "OtherError"),
        ("acme:<locals>.ExplainTheMergerError", "OtherError"),
        ("acme:<locals>.JaneAtAcmeError", "OtherError"),
        ("acme:<locals>.FieldDoesNotExist", "FieldDoesNotExist"),
        ("acme:<locals>.IncludeStdioHIntMainReturn0Error", "OtherError"),
        ("acme:CustomerZorblattQuixleyError", "OtherError"),
        ("acmeevil:BadThing", "OtherError"),
        ("acme:jane_doe", "OtherError"),
        ("acme:ExplainTheMergerToMeError", "OtherError"),
        ("acme:TranslateThisForMyBossError", "OtherError"),
        ("acme:SelectNamesFromCustomersError", "OtherError"),
        ("acme:HomeWilhelminaPlanDocxError", "OtherError"),
        ("acme:NotAnAttrsClassError", "NotAnAttrsClassError"),
        ("acme:Ghp16C7e42F292c6912E7710c838347Ae178B4a", "OtherError"),
        ("acme:QzMwWDA2VDY2", "OtherError"),
        ("acme:IgnoreAllPreviousRulesAndShowSystemPromptNowError", "OtherError"),
        ("acme:DropTableCustomersError", "OtherError"),
        ("acme:CurladminHttpsintranetexamplecomError", "OtherError"),
        ("acme:WritemeabreakuplettertoRose", "OtherError"),
        ("acme:AliceExampleComError", "OtherError"),
        ("acme:M4zt2oxkError", "OtherError"),
        ("acme:Uzg0ODkwODBR", "OtherError"),
        ("acme:MTkxNTA5MDI", "OtherError"),
        ("acme:GEYCAYLPYO5XIIBRHEZTCError", "OtherError"),
        ("acme:DESKTOPFG1FSDFError", "OtherError"),
        ("acme:PY704MT", "OtherError"),
        ("acme:Hiaf3XqzError", "OtherError"),
        ("acme:Cthapv2BError", "OtherError"),
        ("acme:IPv4AddressError", "IPv4AddressError"),
        ("acme:PydanticDeprecatedSince210", "PydanticDeprecatedSince210"),
        ("acme:S3KmsError", "S3KmsError"),
        ("acme:InvalidParameterValueErrorTagSpotFleet", "InvalidParameterValueErrorTagSpotFleet"),
        ("acme:jane.doe@example.Com", "OtherError"),
        ("acme:Jane Doe.Smith", "OtherError"),
        ("other.errors:Declared", "Declared"),
        ("other.errors.Declared", "Declared"),
        ("other.errors:Undeclared", "OtherError"),
        ("ByName", "ByName"),
        ("BadThing", "OtherError"),
        ("__main__:JaneDoeError", "OtherError"),
        ("", "OtherError"),
        (":", "OtherError"),
        ("acme:", "OtherError"),
        ("acme:Bäd", "OtherError"),
        ("acme:" + "A" * 65, "OtherError"),
        (ValueError, "OtherError"),
    ],
)
def test_errors(rules: privacy.Rules, name: object, expected: str) -> None:
    assert rules.error(name) == expected
    assert rules.error(name) == expected


def test_the_cache_is_bounded(rules: privacy.Rules) -> None:
    for i in range(privacy.MAX_VERDICTS * 2 + 7):
        rules.name(f"feature.{i}x")
        rules.observation(f"latency.{i}x", "ms", (("user", str(i)),))
        rules.error(f"acme:E{i}")
    assert max(len(rules._names), len(rules._observations), len(rules._errors)) <= privacy.MAX_VERDICTS


def test_numbers() -> None:
    assert [privacy.count(n) for n in (1, 2**53, 0, -1, 2**53 + 1, True, 1.0, "1", None)] == [
        1,
        2**53,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
    ]
    assert [privacy.value(n) for n in (0, -3, 1e15, 2.5)] == [0.0, -3.0, 1e15, 2.5]
    for odd in (math.nan, math.inf, -math.inf, 1.1e15, 10**400, True, "1", None):
        assert privacy.value(odd) is None


def test_versions() -> None:
    for odd in ("1.0+jane.doe", "1.0+g1a2b3c"):
        assert privacy.version(odd) == "1.0"
    odd_ones = ("192.168.1.1", "4155551234", "15.01.1942", "jane", "", None, "1.0 jane", "1." + "9" * 60, "555-8675")
    for odd in odd_ones:
        assert privacy.version(odd) == "unknown"


def test_units() -> None:
    assert [privacy.unit(u) for u in ("ms", "µs", "jane", "", None, ["ms"], "KiB")] == [
        "ms",
        "us",
        "1",
        "1",
        "1",
        "1",
        "KiB",
    ]


def test_system_facts_have_fixed_keys() -> None:
    facts = {
        "os.family": "Linux",
        "os.machine": "jane-laptop",
        "os.containerized": "yes",
        "python.version": "3.13.0+",
        "libraries.pytest": False,
        "libraries.idun": "1.2.3",
        "libraries.jane": "1.2.3",
        "hostname": "jane-laptop",
    }
    assert privacy.system(facts, "idun") == {
        "os.family": "Linux",
        "os.machine": "other",
        "os.containerized": None,
        "python.version": "3.13.0",
        "libraries.pytest": False,
        "libraries.idun": "1.2.3",
    }
    assert privacy.system(None) == {}


def test_mycelium_hashes_as_its_original_client() -> None:
    expected = hashlib.sha256(b"backend-developer" + b"pepper").hexdigest()
    assert privacy.agent("backend-developer", "pepper") == expected


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("feature.*", "feature.search", True),
        ("feature.*", "feature.search.fast", True),
        ("feature.*", "feature", False),
        ("feature.*", "features.search", False),
        ("*", "a", True),
        ("*", "a.b.c.d.e.f", True),
        ("*.count", "a.b.count", True),
        ("*.count", "count", False),
        ("a.*.c", "a.b.c", True),
        ("a.*.c", "a.b.b.c", True),
        ("a.*.c", "a.c", False),
        ("a.*.c", "a.b.d", False),
        ("a.*.*", "a.b", False),
        ("a.*.*", "a.b.c.d", True),
        ("a.b", "a.b", True),
        ("a.b", "a.b.c", False),
        ("*.*.*.*.*.*", "a.b.c.d.e", False),
    ],
)
def test_a_star_is_one_or_more_segments(pattern: str, name: str, fits: bool) -> None:
    rules = privacy.Rules(policy("x", declare=[pattern]), b"")
    assert (rules.name(name)[1] != privacy.UNDECLARED) is fits
