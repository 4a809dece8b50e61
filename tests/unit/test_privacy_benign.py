"""What a product means to report arrives as it was reported: a corpus of names, units, versions and types."""

from __future__ import annotations

import pytest

from daybeat import privacy
from daybeat.policy import policy


def _corpus(text: str) -> list[str]:
    return text.split()


NAMES = _corpus("""
feature.search feature.v2 feature.oauth2 cli.build-x86_64 feature.sha256 feature.utf-8 feature.http2
feature.python3-11 feature.gpt-4o feature.md5-check workflow.langgraph.count latency.p99 cli.k8s-apply
feature.keyboard feature.monkey feature.context feature.hotkey feature.keynote feature.turkey
feature.monkeypatch feature.context-window feature.keyword-search feature.tokenizer feature.tokenization
feature.curl feature.texture feature.pathfinder feature.keyframe feature.hockey feature.secretary
feature.documentation feature.sympathy feature.contextual-retrieval feature.keyboard-shortcuts
workflow.adk.count workflow.crewai.count workflow.haystack.count workflow.custom.count
workflow.translation_agent.count workflow.correction_agent.count workflow.deep_research_agent.count
feature.tutorial.quickstart.count tutorial.getting-started.count tutorial.lesson-3.count tutorial.chapter12
tutorial.step-2-of-5 tutorial.hello-world tutorial.intro tutorial.advanced-rag cli.init cli.run cli.build
cli.test cli.deploy cli.serve cli.dev cli.login cli.logout cli.status cli.version cli.help cli.config-set
cli.config-get cli.install cli.uninstall cli.upgrade cli.list cli.show cli.info cli.system-info cli.logs
cli.exec cli.shell cli.repl cli.lint cli.format cli.check cli.fix cli.clean cli.cache-clear cli.doctor
cli.watch cli.new cli.add cli.remove cli.update cli.sync cli.push cli.pull cli.fetch cli.clone cli.commit
cli.merge cli.rebase cli.checkout cli.branch cli.tag cli.stash cli.bisect cli.blame cli.cherry-pick cli.diff
cli.grep cli.log cli.reset cli.revert cli.describe cli.db-migrate cli.db-seed cli.migrate cli.rollback
cli.scale cli.rollout-restart cli.port-forward cli.drain cli.cordon cli.taint cli.top cli.attach cli.cp
cli.wait cli.explain cli.patch cli.docker-build cli.docker-compose-up cli.helm-upgrade cli.terraform-plan
cli.npm-install cli.pip-compile cli.poetry-lock cli.uv-sync cli.go-build cli.cargo-test cli.make cli.cmake
cli.bazel-info cli.import-csv cli.export-json cli.export-pdf cli.convert-mp4 cli.backup-create
cli.backup-restore cli.user-add cli.users-list cli.project-create cli.env-list cli.plugin-install
cli.theme-set cli.completion-bash cli.completion-zsh cli.completion-fish cli.self-update cli.bench-1024
cli.profile-cpu cli.trace cli.debug feature.chat feature.chat-history feature.code-completion
feature.autocomplete feature.dark-mode feature.light-mode feature.theme feature.export feature.export-csv
feature.import feature.upload feature.download feature.share feature.print feature.undo feature.redo
feature.copy feature.paste feature.cut feature.drag-and-drop feature.zoom-in feature.zoom-out
feature.full-screen feature.split-view feature.side-bar feature.command-palette feature.multi-cursor
feature.rename-symbol feature.go-to-definition feature.find-references feature.hover feature.inlay-hints
feature.semantic-highlighting feature.breadcrumbs feature.minimap feature.folding feature.bracket-match
feature.spell-check feature.grammar-check feature.translate feature.translate.de feature.lang-fr
feature.locale.en-us feature.summarize feature.image-generation feature.speech-to-voice feature.voice-input
feature.ocr feature.pdf-viewer feature.table-view feature.kanban feature.calendar feature.gantt
feature.timeline feature.dashboard feature.chart.bar feature.chart.line feature.chart.pie feature.heatmap
feature.scatter-plot feature.histogram feature.box-plot feature.map-view feature.geo feature.filter
feature.sort feature.group-by feature.pivot feature.join feature.aggregate feature.window-function
feature.regex feature.fuzzy-search feature.vector-search feature.hybrid-search feature.rerank feature.rag
feature.rag-v2 feature.embedding feature.chunking feature.agents feature.multi-agent feature.tool-calling
feature.function-calling feature.streaming feature.batch feature.async feature.parallel feature.retry
feature.cache feature.cache-hit feature.cache-miss feature.rate-limit feature.circuit-breaker
feature.load-balancer feature.health-check feature.sso feature.saml feature.oidc feature.ldap feature.mfa
feature.2fa feature.webauthn feature.rbac feature.audit-log feature.webhook feature.slack
feature.slack-notify feature.github feature.github-actions feature.gitlab-ci feature.jira-sync
feature.notion feature.google-drive feature.dropbox feature.onedrive feature.s3 feature.s3-sync feature.gcs
feature.azure-blob feature.postgres feature.postgres16 feature.mysql feature.sqlite3 feature.redis7
feature.mongodb feature.elasticsearch feature.qdrant feature.pinecone feature.weaviate feature.milvus
feature.chroma feature.pgvector feature.neo4j feature.duckdb feature.snowflake feature.bigquery-sync
feature.kafka feature.rabbitmq feature.nats feature.mqtt feature.grpc feature.graphql feature.rest
feature.websocket feature.sse feature.openai feature.anthropic feature.claude-3-5-sonnet feature.claude-4
feature.gemini-2-flash feature.gpt-4 feature.gpt-4-turbo feature.gpt-3-5-turbo feature.llama-3-1-8b
feature.llama3 feature.mistral-7b feature.mixtral-8x7b feature.qwen2 feature.phi-3-mini feature.o1-mini
feature.bge-m3 feature.whisper feature.stable-diffusion feature.sdxl feature.flux feature.lora feature.qlora
feature.fp16 feature.bf16 feature.int8 feature.q4_k_m feature.cuda12 feature.rocm feature.mps feature.avx512
feature.arm64 feature.win32 feature.wsl2 feature.linux feature.macos feature.windows-11 feature.ubuntu-22
feature.docker feature.podman feature.kubernetes feature.nomad feature.systemd feature.launchd feature.cron
feature.i18n feature.l10n feature.a11y feature.e2e feature.b2b feature.3d feature.3d-view feature.4k
feature.mp3 feature.mp4 feature.h264 feature.webm feature.webp feature.svg feature.png feature.jpeg2000
feature.exif feature.html5 feature.css3 feature.es2022 feature.wasm feature.webgl2 feature.webrtc
feature.pwa feature.ipv6 feature.ipv4 feature.tls13 feature.quic feature.http3 feature.dns feature.cdn
feature.proxy feature.vpn feature.ssh feature.sftp feature.ftp feature.smb feature.nfs feature.imap
feature.base64 feature.base64-decode feature.crc32 feature.blake2b feature.ed25519 feature.rsa-2048
feature.aes-256 feature.x509 feature.argon2 feature.zstd feature.lz4 feature.gzip feature.brotli feature.bz2
feature.tar feature.zip feature.parquet feature.arrow feature.avro feature.protobuf feature.msgpack
feature.yaml feature.toml feature.xml feature.csv feature.jsonl feature.ndjson feature.hdf5 feature.numpy
feature.pandas feature.polars feature.dask feature.ray feature.spark feature.pyspark feature.airflow
feature.dagster feature.prefect feature.dbt feature.mlflow feature.wandb feature.tensorboard feature.pytorch
feature.tensorflow feature.jax feature.sklearn feature.xgboost feature.lightgbm feature.huggingface
feature.langchain feature.llamaindex feature.haystack feature.semantic-kernel feature.autogen feature.dspy
feature.guardrails feature.langfuse feature.langsmith feature.opentelemetry feature.prometheus
feature.grafana feature.sentry feature.datadog feature.newrelic feature.jupyter feature.jupyterlab
feature.ipywidgets feature.vscode feature.pycharm feature.neovim feature.emacs feature.human-in-the-loop
feature.retry-on-timeout feature.no-cache feature.new_ui feature.beta_banner feature.ab-test.variant-b
feature.onboarding.step1 feature.onboarding.step2.done feature.settings.open
feature.settings.advanced.toggle feature.billing.upgrade feature.plan.pro feature.trial-started
feature.trial-expired feature.export.xlsx feature._private feature.__init__ feature.x feature.a-b feature.up
feature.on feature.off feature.node20 feature.react18 feature.java17 latency.search latency.build
latency.index latency.p50 latency.p95 latency.p999 latency.db.read latency.db.write latency.disk.io
latency.http.get latency.http.post latency.http.status-404 latency.http.5xx latency.rpc
latency.llm.first-chunk latency.llm.total latency.embedding latency.rerank latency.cold-start
latency.warm-start latency.gc latency.flush latency.fsync latency.tls-handshake latency.dns-lookup
latency.queue-wait latency.lock-wait latency.render latency.frame latency.paint latency.input-delay
latency.tti latency.lcp latency.cls latency.fid latency.inp latency.ttfb latency.model.load
latency.model.forward latency.model.backward latency.compile latency.link latency.parse latency.lex
latency.typecheck latency.optimize latency.codegen latency.us-east-1 latency.eu-west-3 workflow.etl.daily
workflow.etl.hourly workflow.ingest.start workflow.ingest.done workflow.ingest.failed workflow.train.epoch
workflow.train.step workflow.eval.accuracy workflow.eval.f1 workflow.eval.rouge-l workflow.eval.bleu4
workflow.deploy.canary workflow.deploy.blue-green workflow.release.rc1 workflow.release.v1-2-3
workflow.approve workflow.reject workflow.schedule.weekly workflow.branch.merge workflow.review.request
workflow.review.approve workflow.ci.lint workflow.ci.unit-tests workflow.ci.py311 workflow.ci.py3-12
workflow.matrix.node-18 workflow.nightly workflow.smoke-test workflow.load-test workflow.chaos-test
feature.desktop.night-light feature.desktop.window-snap feature.home.motion-sensor feature.home.scene-activated
feature.geo.land-cover feature.geo.satellite-imagery feature.school.homework-help feature.finance.value-at-risk
feature.game.auction-house feature.music.metronome feature.photo.red-eye feature.farm.soil-moisture
feature.travel.seat-map feature.fitness.heart-zone feature.crm.lead-scoring feature.legal.clause-library
feature.print3d.bed-leveling feature.model.efficientnet-b7 feature.gpu.rtx-4090 feature.encoding.iso-8601
feature.sign-in-with-github feature.drag-and-drop feature.do-not-disturb feature.thread.name feature.web-app
cli.cargo.info cli.netlify.dev cli.k9s.open cli.systemctl.daemon-reload cli.gh.pr-checkout cli.policies.list
latency.recall_at_10 latency.statefulset.desired_pods latency.log4j2.events latency.resilience4j.retry.calls
latency.jvm.gc.pause latency.namenode.heartbeat latency.process.open_fds latency.kl_divergence
""")

HELD_BACK_OF_THESE = 0.01

UNITS = _corpus("""
ns us ms s min h d By KiB MiB GiB TiB % 1 count tokens requests errors events items rows files bytes seconds
milliseconds percent ratio By/s MiB/s Hz GHz W Cel bit calls messages retries steps tokens/s {request} users
""")

VERSIONS = _corpus("""
0 1 1.0 0.1 2.1.0 10.4.2 0.0.1 3.11.7 2024.10.1 1.0a1 1.0b2 1.0rc1 1.0.post1 1.0.dev3 2.0.0rc1 3.13.0b1 24.1
65.5.0 1.26.4 2.32.3 0.115.6 8.3.4 1.0.0-alpha 1.0.0-alpha.1 1.0.0-beta.11 1.0.0-rc.1 1.0.0RC1 v2.1 1!2.0 1.0c1
1.0rc1.post2.dev3 2024.1.post1 1.0-dev 1.0_pre2 0.9.dev1234
""")

ERRORS = _corpus("""
ValueError TypeError KeyError IndexError AttributeError RuntimeError OSError FileNotFoundError
PermissionError ConnectionError ConnectionRefusedError ConnectionResetError BrokenPipeError TimeoutError
MemoryError RecursionError NotImplementedError StopIteration StopAsyncIteration ZeroDivisionError
OverflowError ArithmeticError UnicodeDecodeError UnicodeEncodeError ImportError ModuleNotFoundError
SyntaxError IndentationError NameError UnboundLocalError AssertionError EOFError LookupError SystemExit
KeyboardInterrupt GeneratorExit ExceptionGroup BaseException Exception Warning DeprecationWarning
UserWarning ResourceWarning IOError EnvironmentError JSONDecodeError CalledProcessError TimeoutExpired
json.decoder:JSONDecodeError asyncio.exceptions:CancelledError asyncio.exceptions:InvalidStateError
subprocess:CalledProcessError socket:gaierror socket:timeout ssl:SSLError ssl:SSLCertVerificationError
sqlite3:OperationalError sqlite3:IntegrityError concurrent.futures._base:TimeoutError
concurrent.futures.process:BrokenProcessPool zoneinfo._common:ZoneInfoNotFoundError
configparser:NoSectionError http.client:RemoteDisconnected urllib.error:HTTPError urllib.error:URLError
xml.etree.ElementTree:ParseError zlib:error struct:error binascii:Error queue:Empty _queue:Empty
shutil:SameFileError tarfile:ReadError zipfile:BadZipFile pickle:UnpicklingError _pickle:PicklingError
csv:Error _csv:Error decimal:InvalidOperation ctypes:ArgumentError tomllib:TOMLDecodeError
email.errors:MessageError smtplib:SMTPAuthenticationError re:error lzma:LZMAError
dataclasses:FrozenInstanceError builtins:ValueError builtins:ExceptionGroup acme.errors:BadThing
acme:ConfigError acme.db.models:RowNotFound acme.x:HTTP2Error acme._core:_InternalError
acme.auth:InvalidTokenError acme.net:RetryError acme.llm:ContextWindowExceededError httpx:ConnectTimeout
httpx:ReadTimeout httpx:HTTPStatusError httpx._exceptions:PoolTimeout httpx:TooManyRedirects BadRequest
""")


@pytest.fixture(scope="module")
def rules() -> privacy.Rules:
    declared = policy(
        "acme",
        declare=["feature.*", "cli.*", "latency.*", "workflow.*", "tutorial.*"],
        errors=["acme", "httpx", "acme.BadRequest"],
    )
    return privacy.Rules(declared, b"salt")


def test_names_under_a_wildcard_are_kept(rules: privacy.Rules) -> None:
    held_back = [name for name in NAMES if rules.name(name) != (name, "")]
    assert len(NAMES) > 500
    assert len(held_back) <= HELD_BACK_OF_THESE * len(NAMES), held_back


def test_units_are_kept() -> None:
    assert [given for given in UNITS if privacy.unit(given) != given] == []


def test_versions_are_kept() -> None:
    assert [given for given in VERSIONS if privacy.version(given) != given] == []


def test_exception_types_are_kept(rules: privacy.Rules) -> None:
    lost = [name for name in ERRORS if rules.error(name) != name.rpartition(":")[2].rpartition(".")[2]]
    assert lost == []


def test_operations_are_kept() -> None:
    operations = ["search", "build", "discover", "coordinate", "list", "get", "delete", "create", "index", "plan"]
    rules = privacy.Rules(policy("acme", declare=["latency.*"], tags={"operation": operations}), b"salt")
    for operation in operations:
        expected = (f"latency.search{{operation={operation}}}", "ms", ())
        assert rules.observation("latency.search", "ms", (("operation", operation),)) == expected
