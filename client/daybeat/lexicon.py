"""The words that programs, their parts and their features are called by. Data alone, no rules.

No names of people, and of what people own or suffer only what software deals with every day. A word that lacks here
costs a name little: `tripwires.MAX_STRANGE` says how much.
"""

from __future__ import annotations

_TEXT = """
aac ab abac abc accelerate accent accessibility accordion accounts accumulate accuracy acid acknowledge
acknowledged acl acquisition activate activated activity adaptive additional addr adjust admin admission advance
advanced aes affinity against aggregate agreement ai aider airdrop airflow aks alarm alarms alb album alembic alert
alerts algebraic algolia algorithm align alignment alive allocator altair alternate always ambient ambiguity ami
analysis analytics analyze analyzer anchor angle angular animate animation annotate annotated annotation annoy ansi
ansible answer answers ant anthropic aot apac apache apk apollo appearance appender appimage approval approve
approved apps april apt ar arbiter arbitrary arc arch archive archived area argo argocd argon arity arn arr arrange
arrow article artifact artifacts asan asana asg asgi ask assembler assembly assert asset assist assistant associate
association assume ast athena atom atomic attachment attendee attendees attr attribution auc audio audit augment
august aurora author authoring authority authorized authorizer auto autocomplete autocompletion autofill autofix
autofocus autogen autohide autoload automate automated automation autoplay autosave autoscale autoscroll
availability avatar avatars avi avif avro avx awaitable awk awq aws azure babel backfill background backlog backoff
backspace backtest backtrace backup backups badge badges balance balancer banner banners barcode barrier bars
baseline basemap bash basic batcher bazel bcrypt bdd beacon beam bean bedrock beep behavior bell benchmark
benchmarks bending bert beta bff bib bibliography bidi bidirectional big bigquery billing bin binding bisect
bitbucket bitmap black blame blank blas blazor bleu blob blocking blue blueprint bluetooth blur bm bmp board boards
bokeh bold bookmark bookmarks boost booster boot bootstrap border bot bots bounce bounty box brace bracket brackets
branches branding bravo breadcrumb breadcrumbs break breakdown breaker breakpoint breakpoints brew bridge brief
bright brightness broadcast brown browse browser browsing brush bson bubble bucket budget bug buildah builder
builders builds builtin bulk bullet bullets bump bun bundle bundler bundles bus business button buttons buy
bytecode bz cac caches caddy calc calculation calculator calendar calendars caller camera campaign campaigns
cancellation candidate canonical canvas cap capability captcha caption captions capture card cards caret cargo
carousel carriage cart cartesian cascade case cassandra cat catalog catalogue catch categories category cbc ccpa cd
cdn celebrate celery central cert cet cfg chacha challenge channels chapter chapters charge charset chart charts
chat chatbot chats checkbox checklist checkout checkpoint checks checksum chef cherry chip chips chmod choice
choose chord choropleth chown chroma chunked ci cidr cipher circleci circuit citation citations claim claims clang
classic classification classifier classify claude clean cleaner cli click clicked clickhouse clicks cline clip
clips clojure clone cloned closure cloud cloudflare cloudfront cloudtrail cloudwatch clustering clusters cmake cmd
cny cobol codegen codespace codespaces codex coefficient coerce cohort cohorts coin colab cold collaborate
collaboration collaborative collapse collapsed collector colon color colour combine combo comma commands comment
commenting comments commits community compact compaction compactor companion compat compatibility compatible
compensate compiler complaint complement completer completion complex compose composer composite comprehension
compress computation concat concatenate concept conditional conf conference confetti confidence confirm
confirmation confirmed confluence conn connectivity connector consensus console construct construction consul
contact contacts containerd continuous contour contract contrast contribute contributor controller convergence
conversation conversations converter cookbook cool coordinate coordination coordinator copier copilot corner
corners correct correlate correlation corruption cosmos cost couchdb countdown counters country coupon course
courses coverage cp cpc cpm cpython cqrs crashes crawl crawler crd crdt creation creator credit crew crewai
criteria cron crop cross crossfade crosshair crossword crs crud crypto csharp csp csr css cst cta ctest ctr ctrl
cube cubes cues cumulative curate curator curl currency curve custom customer customize customized cut cve cvss
cyan cypress cython dag dagster daily dalle dangling dark dash dashboard dashboards dask dast databricks datadog
datasets datetime dau day daylight db dbt ddd ddos deal dealer deals deb debounce debrief debug debugger december
decimal decipher decision deck decks decl declare decline decoder decompile decomposition decorate decorated
decrease dedent dedupe deduplicate deduplication deepen deepseek deepspeed defaults defer degraded degree delay
delegate delegation deletion deliver delivery delta demo demos deno denoise density depend dependabot dependent
deployed deployer deployment deploys depot deprecate deprecation deps depths deregister derivative describe
description deserialization design detached detail details detection detector determine dev develop developer
developers devices dhcp diagnose diagnostic diagnostics diagonal diagram dial dialect dialog dialogs dictation diff
different diffusers diffusion digest digital digitalocean digits dim direct direction directive dirty discard
discarded discord discount discover discovered discovery discrete discussion discussions dislike dismiss dismissed
dispatcher display displays dist distance distill distribution divider django dll dmg dns doc dock docked docs
docstring document documentation docx dogfood dom dominant donate donut dot dotnet doubleclick downgrade dpo draft
drafts drag dragged drain draw drawer drawing drift drill drive drivers drizzle drone drop dropdown dry dspy dto
dtype du dual duckdb dummy dunning dwell dx dye dylib dynamic dynamodb eager ease east easter ebpf ebs ec2 ecdsa
echo ecs ed edit editable edited editing editor editors effect effects efs egg eject eks elastic elasticsearch elb
election elevation elf elixir ellipsis email embed embedded embedder embeds emea emitter eml emoji emojis emulate
emulator enable enabled encapsulation enclave enclosure encrypted encryption endless endpoint endpoints energy
engage engagement enhance enhanced enquiry enroll enrolled enrollment ensemble entity enumeration env envoy eof
epsilon epub equality equalizer equation equivalent erase eraser erlang err esbuild escalation escape eslint est
estimate estimates estimator etag etcd eu eur eval evaluation evaluations even eventbus eviction evidence exact
example examples exc excerpt exchange exclude exclusion exclusive exe executable execution exercise exercises
exhaustion exif existence expanded expander expansion expect expectation expense experiment experimental
experiments expert expiry explain explainer explore explorer exponent export exported exporter exports expr express
extended extensions external extraction extractor extras eyedropper face facet factor fade failover faiss falcon
fallback family fan fanout faq faqs fargate fast fastapi fastify favicon favorite favorites favourite favourites
fbx feather features february federation feed feedback fetcher ffi fifo figure filing filler fills filtered filters
final finalizer finally finance finder fine finetune finetuning fingerprint fingerprints finite firebase firestore
firmware fish fit fix fixed fixer fixes fixture fixup fk flac flags flake flamegraph flash flashcard flashcards
flask flat flatpak flatten flax fleet flicker flink flip flipped floating floor flow flows fluentbit fluentd fluid
flux fly focus focused fold folders follow followed follower followers follows font footer footnote footnotes force
forecast forecasts forest forked forks form formats formatter formatting forms formula fortran forum forums
forwarded fps fraction fragment frames freemium freeze frequency fresh fri friday front frontier frozen fs fsharp
ftp fullscreen fully func funnel funnels fusion fuzz fuzzy gallery game gamma gantt gap garbage gate gatsby gauge
gauges gbp gc gcc gcm gcp gcs gdb gdpr gemini gemma gen general generation generations generic geocode geofence
geojson geolocation geometric geometry geospatial gesture gestures ggml gguf gif gifs gift giga gil gitea github
gitlab giveaway gke glance glb gloss glossary glow gltf goal goals going golang gold golden good goto gps gpt gptq
gpx gradient gradients gradio gradle grafana grained grammar grant graphs gravity gray greedy green grep grey grid
grids ground groups grow growth grpo gsm guard guardrail guess guest guests gui guide guided guidelines guides
guild gunicorn gutter gz hackathon hadoop half halo hamburger hand handles handoff hands hanging hapi haproxy
haptic haptics hard hardlink hardware harness hashing hashtag hashtags haskell haystack hdf hdr head heading
headings headless headset health heartbeat heatmap heavy heic hellaswag helm help helper helpers hero heroku
hetzner heuristic hex hibernate hidden hide hierarchy highlight highlighted highlighter highlights hint hints hipaa
history hive hmac hnsw hologram home homepage hooks horizon horizontal hosted hosting hosts hot hotspot hourly
hours hover hsm hsts http http2 hub hud huge huggingface hugo human humaneval husky hybrid hydrate hyperlink
hyperlinks hyphenation hypothesis iam icmp icon ics ide idea ideas ideation ident identify identity idle idna
illustration images imap immediate immersive impact impersonate impl importance importer imports impression
impressions improve improved imu inactive inbox includes incognito increase incremental independent indexer
indexing indicator indicators infer inference infinite influx influxdb info information ingestion ingress initial
inject injected injection injector inline inner inpaint insecure insertion inside insight insights inspect
inspection inspector installation installer instant instruct instrument integral integrate integration integrations
integrity intelligence intelligent intellisense intent interact interaction interactive interceptor interest
interests interim intermediate internet interpolation interrupt intersect intersection intro introduction
introspection invalidated invariant inventory inverse invert invitation invitations invite invited invites
invocation invoice invoices involve ioerror iops ios ip ipa ipc ipython iso isolate isolated isolation isort isr
issue issued issues istio italic iterations itinerary jaeger jail january jar javascript jax jdbc jekyll jenkins
jest jetty jinja jira jit jitter joins journal journey journeys jpeg jpg jpy js jukebox july jumbo jump june
jupyter jupyterlab justify jwk kaggle kanban kappa keep keras kernel kernels keyboard keyspace kibana kick kickoff
kickstart kill kilo kind kiosk kit kml kms knex knob knowledge koa kotlin kpi kube kubectl kustomize lab labeled
labelled labels labs lambdas lancedb landing landscape langchain langgraph languages lap lapack laravel laser lasso
lasting latam latencies latency latest latex launched launcher launches layers lazy ldap lead leader leaderboard
leaderboards leading leads leaking lean learn learned learner learning lease ledger legacy legend lens lerna lesson
lessons letter letters levels lexer lfu lg lib license licenses lidar lifecycle lifespan lifetime lifo lift light
lightbox lightning like liked likes limiter limits linear linkage linked linker linkerd linking links linode lint
linter linters linting listing lists live livestream llama llamacpp llamaindex lldb llm ln loader loads lobby
locale locales located location locations locator locking locks logged logic logo logos logs logstash loki longest
look lookbook looked loops loose lora loss loupe loyalty lru ls lsm lsp ltrace ltv lucene luigi lunar lz mac
machine macro macros mae magenta magic magnet magnifier magnify mail mainline maintain maintenance maker man
managed manifest mapper maps march margin mariadb mark markdown marker markers market marketing marketplace markup
marshal mask masks masonry mass massive master mastery matcher material matplotlib matrix mau maven maximize mcp md
meal meals mean measure measurement median medium meeting meetings meetup mega megatron meilisearch melody
membership memcached memo memoize mention mentioned mentions mentor menu menus merged merger merges mesh meson
messaging meta metaclass metal metric metrics metro mfa mic micro microphone microservice microservices middleware
midi midjourney migrated migrations migrator milestone milestones milvus mime mind mindmap minhash mini minify
minimal minimap minimise minimize minor mint minus mirror mirrored mirrors miss missed mission missions mistral
mixed mixer mixin mixtral mkdir mkdocs mkv mlflow mmlu mms mobile mobility mocha mock mockup modal moderate
moderated moderation moderator modern modes modification mods modular moment mon monday mongo mongoose monitor mood
moon morph motion mounted mouse mov mover movie movies mp mr mrr mse msg msgpack msi mssql mtbf mttr multi
multicast multiline multimodal multipart multiplayer multiple multiplex multiplexer multitask music mutation mute
muted mv mvc mvcc mvn mvvm mypy naive namedtuple naming nano narrate narration narrator native nats navbar navigate
navigated navigation ndcg ndjson nearby nearest need needle negotiation neighbor neo neon nest net netcdf netlify
networks neural newline newrelic news newsletter newsletters nfc nginx night nightly ninja nlb nlp nodejs noise
nomad nominate nonce nonlinear noop normal normalization north northeast notch note notebook notebooks notes notice
notification notifications notified notify notion november nps npx nudge nudges numa numba numbering numeric
nurture nuxt nx obj observability observation observe observed observer obsolete obstacle ocaml occlusion october
octree odbc odd ods odt offboarding offer offers office offline often ogg oidc okr ollama omega onboard onboarded
onboarding once oneclick ongoing onion online onnx opacity openai openapi opencl opengl opens opensearch
opentelemetry opinion opponent ops optimization optimize optimized optimizer opus oracle orange orbit orc
orchestration orchestrator ordering orders org organization organizer orientation original orm orphan orphaned
oserror otel otp outage outbound outbox outcome outdated outlier outliers outline outlines outputs outreach
overlapping overlay overlays overload overloaded overview owasp own owned owner owners ownership p2p pace packer
packing pad padding paddle pages pagination paint painter paints pair paired pairing palette pan panel panels
panorama paper papers paragraph paragraphs parallax param parental park participant participants partition partner
partners parts party passive passthrough paste pasted patches patterns pause paused paxos pay payment payments pci
peek peers peft pen pencil pep percent percentage perf performance performer period periodic perl permalink
permutation permute perplexity persist persistence persona personalization personalize personas perspective pet
pgvector phase phases phi phone photo photos php physics pick picked picker pictures pie piecewise pilot pin pinch
pinecone ping pink pinned pins pipelines pipx pivot pixel pixels pkg place placeholder placement places plain plan
plane planner planning plans plants platform play playback played player playground playlist playlists plays
playwright plot plotly plots plugins png pnpm pocket podcast podcasts podium podman poetry point points poisoned
polars poller polls polygon polynomial pooling popover popular popularity populate popup portal portfolio portrait
portraits ports post posted posting posts power powerful powershell ppo pptx practice precedence precondition
predicate predict prediction predictions prefect prefer preference preferences prefetch prefill premature premium
preparation prepend preprocess preprocessor present presentation preset presets press pressed pressure presto
pretrain prettier pretty prev preview previews price prices prime primitive principal printed printer printing
prints prior priority prisma privacy private prize probe problem problems proc procedures proceed processor
produced production products profiler profiles profiling programs progress projects prometheus promo promote
promoted promotion prompt proof propagation proper proposal props protect protected protection protobuf prototype
provision provisional provisioning proxies prune pruning ps psql pst published publisher publishers pubsub pulls
pulsar pulse pulumi puppet purchase purchases purge purple pushed pushes puzzle puzzles pwa pwd pylint pypi pyright
pyspark pytest pytorch qdrant qlora qps qr qt quadrature qualified quality quantity quantization quantize quantized
quarantine quest questdb question questions quests quic quick quickstart quit quiz quizzes quorum quote qwen rabbit
rabbitmq racing radar radial radio radius raft rag rails railway random ranked ranking rankings rapid rar raster
rated rates rating ratings rational ray rbac rdf rds react reaction reactions readme reads ready real realtime
rebalance rebase rebased rebuild recall recap receipt receipts receiver recent recents recipe recipes recipient
reciprocal recommend recommendation recommendations recommended recommender reconciler reconciliation recorded
recorder recording recordings recoverable recovered recovery recurring recursively red redact redeem redesign redo
redshift reducer redundancy redundant ref refactor refactoring references refill refine reflect reflection reflow
reformat refreshed refund refunded refunds regenerate regex regional registrar registration regression rehearsal
rehydrate reindex rejection relabel related relations relationship relaxed relay releases relevance remind reminder
reminders remix removal rendered renderer rendering renew renewal renewed reopen reorder reordered repair repeated
replay replication replicator replies repo reported reporter reports repos represent representation requester
require requirement requirements rerank reranker reroute rerun resampling rescan reschedule research reservation
reserved reserves resets reshape reshare residual resized resolver respondent responsive restarted restarts
restored restricted restriction retain retained retake retention rethink retire retired retouch retraction
retrieval retrieve retriever retro retryable reuse reveal revenue reverse revert reverted review reviewed reviewer
reviewers reviews revise revised revision revocation reward rewards rewrite rewrites rfc rfid rgb rhythm ribbon
rich ride rides right ring rings rise rlhf rm rmse road roadmap roaming roberta robot robotics robots roc rocket
rocm rogue roi roll rolling rollout rollup room rooms roster rotate rotated rotation rouge round routes routine
routines routing rpm rps rq rsa rss rst rtf rubric ruby ruff ruler rules runbook runbooks runner runners runs rust
rustc rustup s3 safe safety saga sagemaker sale sales salt saml sampler samples sampling sandbox sasl sass sast sat
satellite saturday saver saves saving sbom scaffold scaffolding scala scalable scale scaled scaling scanned scanner
scans scatter scenario scene scenes schedules scheduling scientific scim scipy scopes score scored scores scout scp
scrape scraped scraper scratch scratchpad screen screens screenshot screenshots scripts scroll scrolled scrubber
scrubbing scrypt scsi scss scylla sdist sdk seaborn seal sealed sealing search searched searches season seasons
seat seats secondary sections sector secure security sed seed seeds seen segments selected selection selections
selenium selfie semantic sender sends sensor sentiment sentinel sentry seo separate separator september seq
sequelize sequences serial serialization served ses setter settle sft sftp sha shade shader shaders shadow shadows
shake shapes sharding shares sharing sharpen sheet sheets shelf shield shift ship shipment shipped shipping shm
shop shopping shortcut shortcuts shortest shorts show showcase showed shown shows shp shuffle shuffled side sidebar
sidecar sidecars sigma sign signals signed signing signup signups silence silenced silent silver simd similar
similarity simple simplified simplify simulate simulated simulation simulations simulator singular site sitemap
sites skeleton skeptic sketch sketches skewed skill skills skin skins sla slack sleep sleeping sli slices slide
slider sliders slides slideshow slo slots slow slsa sm smart smoke smooth smoothing sms smtp snap snapped snapping
snapshots sneak snippet snooze snoozed snow snowflake sns soap soc social soft software solid solo solr solution
solve solved solver song songs sorted sorter sorts sound sounds sources south southeast spa spaces span spans spark
sparkline sparklines sparql sparse spatial spawner spdx speak speaker speakers spec special specialize specific
specification specifier spectrum speech speed spell spelling spherical sphinx spike spikes spin spinner spiral
splits splitter splunk sponsor sponsored sport sports spot spotlight spread spring springboot sprint sprints sprite
sqlalchemy sqs square squash squashed srt sse ssg ssh sso ssr stabilize stable stacks staff staged stages staging
stall stamp stamps standardize standby standup star starlette starred stars starter starters starts startup stash
stat statistic stats stay steady steer stem stemming stencil stepper steps stereo sticker stickers sticky stitch
stl stock stocks stomp stopwatch stories story storyboard storybook str strace stranded strategies strategy streak
streaks streaming streamlit streams street stress strict strike strip stroke strong structured sts stub studio
styled stylelint styles stylus subgraph subject submission submits submodule submodules subnet subscribed
subscriber subscribers subscript subscriptions subset substitution subtest subtitle subtitles subtotal subtype
success sudo suggest suggested suggestion suggestions suite sum summaries summarize summarized summary sun sunburst
sunday sunrise sunset supabase supervisor supplier suppress surface surround survey surveys suspend suspended
suspicious svelte svg swapped swarm sweep swf swift swipe swiped switched switcher sycl symbolic symfony symmetric
synced synchronization syncs synonyms synth synthesis synthesizer sys tablet tabs tactile tagged tagging tags tail
tailor tailwind take taken takeover talk tampered tap taps targeting targets tcp tdd teal team teams teardown
technical tee telemetry teleport temp templates tempo tenant tension tensorboard tensorrt terminal terminals
terminator ternary terraform territory tester testers testing tex texture tf theater theme themes theming theory
thesaurus theta thing throttling thu thumb thumbnail thumbnails thursday ticker ticket tickets tidy tie tier tiers
tiff tile tilemap tiles tilt timeline timelines timers timescale timestamp timing tint tiny tip tips titles tld tls
toast toasts today todo todos toggle toggled toggles tokenizer tokenizers tomcat tone tones toolbar toolbars
toolbox toolchain toolkit tooltip tooltips top topic topics topology total totp touch touched tour tours tpot tps
tracer tracing track tracked tracker tracking tracks trade trades traefik traffic trail train trained trainer
training trainings trait transcoder transcribe transcription transcripts transformation transformer transformers
transforms transient transit transition transitive translated translation translations translator transmitter
transparency transparent transpiler transpose trap trash travel traversal travis treasure treasury treemap trello
trend trending trends triage trial trials triangle triangulate tribe trick triggered triggers trim trimmed trino
trip trips triton trivial trophies trophy truncation trust trusted truthful tsan tsv ttf ttft ttl tty tue tuesday
tune tuned tuning tunnel turbo turborepo turn tutor tutorial tutorials tweak tweaks twin typeahead typed typeorm
typescript typesense typing typography tz ubsan ubuntu udp ui uk unarchive unary unassign unblock unblocked
unbounded uncheck uncommitted undecidable undirected undo unfold unfollow ungroup unhashable unification uniform
unify uninstall union uniq units universe unlink unloader unlocked unmute unordered unpin unpublish unread
unreliable unresolvable unsafe unsatisfied unseal unselect unset unshare unsorted unstable unsubscribe unsubscribed
unsync untag untrusted unverified unwrap unzip updater updates upgraded upgrades uploader uploads upper upscale
upscaler upsert uptime us usability usable usb usd usdz useful util utilities utilization utm uv uvicorn uwsgi
vacation vacuum vagrant valgrind validation validator valuable variance variant variants vars vault vcf vendor
vendors verbose vercel verification verified verifier versioning versus vertex vertical vespa viable vibrate
vibration video videos viewed viewer viewers views vignette vintage visibility visible vision visit visited visitor
visits visual visualization visualize visualizer vite vitest vllm vlog vm voice voices volatile volumes vote voted
votes voting voxel voyage vpc vpn vr vsync vtt vue vulkan vulnerabilities vulnerability waf waiter waitlist wake
wal walk walkthrough wall wallet wallpaper wallpapers wandb war warehouse warm warmup warn warned warp wash wasm
watch watchdog watched watcher watching watchlist watermark wau wav wave waveform waves waypoint wc weak wealth
wearable weather weave weaviate web webcam webhook webhooks webinar webinars webm webp webpack webrtc website
websites websockets wed wednesday week weekly weeks weights welcome west wheel whisper white whitespace whl widget
widgets wiki wikis wildcard win windowed windsurf winogrande wire wireframe wireless wiring wishlist wizard wizards
word wordcloud words work workaround workbench workflows workload workloads workout workouts works workshop
workshops workspaces world worlds wrapped wrapper wrist writes wsgi xargs xl xlsx xpath xr xray xs xsd xss xxl xz
yarn year yearly years yellow zen zeromq zeta zipkin zmq zookeeper zoom zoomed zsh zst
"""

WORDS = frozenset(_TEXT.split())
