"""The words that programs, their parts and their features are called by. Data alone, no rules.

Written down by hand, and those that at least three of 299 Python packages have in the names of their code. No names of
people, and of what people own or suffer only what software deals with every day. A word that is not here costs little:
`words.MAX_STRANGE` says how much.
"""

from __future__ import annotations

_TEXT = """
aac ab abac abc abi abis abspath accelerate accent accessibility accordion accounts accumulate accumulator accuracy
acid acknowledge acknowledged acl aclose acquisition activate activated activity actual adaptive addhooks
additional addr adjacent adjust admin admission adobe advance advanced aes affinity against aggregate agreement ai
aider airdrop airflow airtable aix aks alarm alarms alb album alembic alert alerts algebraic algolia algorithm
align alignment alive allocator alphanums alpine alpn alt altair alternate alternative always amazon ambient
ambiguity amd ami ampere analyse analysis analytics analyze analyzer ancestry anchor android angle angular animate
animation annotate annotated annotation announce annoy ansi ansible answer answers ant anthropic aot apac apache
apiserver apk apollo appearance appender appimage apple applies approval approve approved approx apps april apt ar
arabic arbiter arbitrary arc arch architecture archive archived archlinux area argo argocd argon arithmetic arity
arm armhf arn arr arrange arrow article artifact artifacts asan asana asdict asg asgi aside ask assembler assembly
assert asset assist assistant assoc associate association assume ast astuple asynccontextmanager athena atom atomic
attachment attendee attendees attestation attr attrib attribution auc audio audit augment august aurora author
authoring authority authorized authorizer auto autocomplete autocompletion autofill autofix autofocus autogen
autohide autoload automate automated automation autoname autoplay autosave autoscale autoscaler autoscroll
availability avatar avatars avi avif avro avx awaitable aware awk awq aws azure babel backfill background backlog
backoff backslashes backspace backtest backtrace backup backups backward badge badges balance balancer banner
banners barcode bare barrier bars basecamp baseline basemap basename bash basic batcher battery bazel bba bcrypt
bdd bdist beacon beam bean bedrock beep behavior bell benchmark benchmarks bending bert beta better bff bgcolor bib
bibliography bidi bidirectional big bigquery billing bin binding bio bisect bitbucket bitmap black blame blank blas
blazor bleu blob blocking blue blueprint bluetooth blur bm bmp board boards bokeh bold bookmark bookmarks boost
booster boot bootstrap border bot bots bottom bounce bounty box brace bracket brackets branches branding brave
bravo breadcrumb breadcrumbs break breakdown breaker breakpoint breakpoints brew bridge brief bright brightness
broadcast brotli brown browse browser browsing brush bson bubble bucket budget buf bug buildah builder builders
builds builtin bulk bullet bullets bump bun bundle bundler bundles bus business button buttons buy bypass bytearray
bytecode bz cac caches caddy calc calculation calculator calendar calendars caller camel camera campaign campaigns
cancellation candidate canonical canonicalize canva canvas cap capability captcha caption captions capture card
cards caret cargo carousel carriage cart cartesian cascade case caseless cassandra cat catalog catalogue catch
categories category cbc ccpa cd cdata cdll cdn ceil celebrate celery center centos central cert cet cfg chacha
challenge changelog channels chapter chapters charge charset chart charts chat chatbot chats chdir checkable
checkbox checkers checklist checkout checkpoint checks checksum chef chemistry cherry chinese chip chips chmod
choice choose chooser chord choropleth chown chroma chrome chunked ci cicd cidr cipher circleci circuit citation
citations cjk claim claims clamp clang classic classification classifier classify classmethod classvar claude clean
cleaner cli click clicked clickhouse clicks cline clip clips clojure clone cloned closer closest closure cloud
cloudflare cloudfront cloudtrail cloudwatch cls clustering clusterquota clusterrole clusterrolebinding clusters
cmake cmd cmdline cmp cmpkey cny cobol codegen codename codespace codespaces codex coefficient coerce cohort
cohorts coin colab cold collaborate collaboration collaborative collapse collapsed collect collector colon color
colorize colour combination combinations combine combo comma commands comment commenting comments commits
commonpath community comp compact compaction compactor companion comparable comparison compat compatibility
compatible compensate compiler complaint complement completer completion complex compose composer composite
comprehension compress computation concat concatenate concept concrete conditional conf conference confetti
confidence configmap confirm confirmation confirmed confluence confstr conn connectivity connector consecutive
consensus consider consistency console constrain constrained construct construction consul contact contacts
containerd continuation continuous contour contract contrast contribute contributor controller conv convergence
conversation conversations converter cookbook cookiejar cool coord coordinate coordination coordinator copier
copilot cordon corner corners coro correct correlate correlation corruption cosmos cost couchdb countdown counters
country coupon course courses coverage cp cpc cpm cpp cpython cqrs cram crashes crawl crawler crd crdt creation
creator credit crew crewai criteria critical cron cronjob cronjobs crop cross crossfade crosshair crossword crs
crud crypto csharp csp csr css cst cta ctest ctr ctrl ctype cube cubes cues cumulative curate curator curl currency
curve custom customer customize customized cut cve cvss cvt cwd cyan cygwin cypress cyrillic cython daemonset dag
dagster daily dalle dangling dark dash dashboard dashboards dask dast databricks dataclass datadog datagram
datasets datastructure datastructures datetime dau day daylight db dbt ddd ddos deactivate dead deal dealer deals
deb debian debounce debrief debug debugger debugging debuglevel december decimal decipher decision deck decks decl
declare decline decoder decompile decompose decomposition decorate decorated decorating decrease decref dedent
dedupe deduplicate deduplication deepcopy deepen deepseek deepspeed defaultdict defaults defer deferred deflate
defs degraded degree del delattr delay delegate delegating delegation deletable deletion delimited delimiter
delitem deliver delivery delta demo demos deno denoise density dep depend dependabot dependent deployed deployer
deployment deploys depot deprecate deprecation deps depths deque der deregister derivative derive describe
description deselect deserialization design desired dest destroy detached detail details detection detector
determine deterministic dev devanagari develop developer developers devices dhcp diag diagnose diagnostic
diagnostics diagonal diagram dial dialect dialog dialogs dictation diff difference different diffusers diffusion
digest digital digitalocean digits dim direct direction directive directories dirname dirty disable disallow
discard discarded discord discount discover discovered discovery discrete discussion discussions disjoint dislike
dismiss dismissed dispatcher display displays disposition dist distance distill distinct distinfo distribute
distribution distro div divider divmod django dll dmg dns dnsname doc dock docked docs docstring doctype document
documentation docx dogfood dom dominant donate donut dot dotnet dotted double doubleclick downgrade dpo draft
drafts drag dragged drain draw drawer drawing drift drill drive drivers drizzle drone drop dropbox dropdown dropped
dry dspy dst dto dtype du dual duckdb dumb dummy dunder dunning dup dwell dx dye dylib dynamic dynamodb eager ease
east easter ebpf ebs ec2 ecdsa echo ecs ed edge edit editable edited editing editor editors effect effective
effects efs egg egress eject eks elapsed elastic elasticsearch elb election elevation elf elixir ellipsis email
embed embedded embedder embeds emea emitter eml emoji emojis emulate emulator enable enabled encapsulation enclave
enclosure encrypted encryption endless endpoint endpoints endswith endurance enduser energy enforce engage
engagement enhance enhanced enhancements enquiry enroll enrolled enrollment ensemble entity enumerate enumeration
env envelope environ envoy eof ephemeral epilog epsilon epub equality equalizer equation equivalent erase eraser
erlang err esbuild escalation escape eslint est estimate estimates estimator etag etcd eu eur eval evaluation
evaluations even eventbus everseen eviction evidence evolve exact example examples exc except excepthook excerpt
exchange exclude exclusion exclusive exe exec execfile executable execution exercise exercises exhaustion exif
existence exitfunc expandable expanded expander expanduser expansion expat expect expectation expense experiment
experimental experiments expert expires expiry explain explainer explicitly explore explorer exponent export
exported exporter exports expr express ext extended extensions external extraction extractor extras eyedropper faas
face facebook facet factor fade failover faiss falcon fallback family fan fancy fanout faq faqs fargate fast
fastapi fastify favicon favorite favorites favourite favourites fbx fds feather features february federation fedora
feed feedback fetcher ffi fifo figma figure filelist fileno filing filler fills film filtered filters final
finalizer finally finance findall finder fine finetune finetuning fingerprint fingerprints finite firebase firefox
firestore firmware fish fit fix fixed fixer fixes fixture fixup fk flac flags flake flamegraph flash flashcard
flashcards flask flat flatpak flatten flax fleet flexible flicker flink flip flipped floating floor floordiv flow
flows fluentbit fluentd fluid flux fly fmt focus focused fold folders follow followed follower followers follows
font footer footnote footnotes force forecast forecasts forest forever forget forked forks form formats formatter
formatting forms formula fortran forum forums forwarded fps fraction fragment frames free freebsd freemium freeze
frequency fresh fri friday friendly fromkeys front frontier frozen frozendict frozenset fs fsharp fspath fstring
ftp fullscreen fully func funnel funnels fusion fuzz fuzzy gallery game gamma gantt gap garbage gate gatsby gauge
gauges gbp gc gcc gcm gcp gcs gdb gdpr gemini gemma gen general generation generations generic gentoo geocode
geofence geojson geolocation geometric geometry geospatial gesture gestures getaddrinfo getattribute getbuffer
getcompname getcomptype getfp getframerate getheader getheaders getline getlines getlist getmark getmarkers
getnchannels getnewargs getnframes getparams getpeercert getresp getresponse getsampwidth getsockopt getstate
getter gettimeout geturl getvalue getwelcome ggml gguf gif gifs gift giga gil gitea github gitlab giveaway giveup
gke glance glb gloss glossary glow gltf gnu goal goals going golang gold golden good google goroutine goroutines
goto gps gpt gptq gpx gradient gradients gradio gradle grafana grained grammar grant graphs gravity gray greedy
greek green greet grep grey grid grids ground groupby groups grow growth grpo gsm guard guardrail guess guest
guests gui guide guided guidelines guides guild gunicorn gutter gz hackathon hadoop half halo hamburger hand
handles handoff hands hanging hangul hapi haproxy haptic haptics hard hardlink hardware harness hashing hashtag
hashtags haskell haskeys haystack hdf hdr head headerregistry heading headings headless headset health heartbeat
heatmap heavy hebrew heic hellaswag helm help helper helpers hero heroku hetzner heuristic hex hibernate hidden
hide hierarchy highlight highlighted highlighter highlights hint hints hipaa hiragana histogram history hit hive
hmac hnsw hologram home homepage hooks horizon horizontal hosted hosting hosts hot hotspot hourly hours hover hpa
hsm hsts http http2 hub hubspot hud huge hugepage hugepages huggingface hugo human humaneval humidity husky hw
hybrid hydrate hyperlink hyperlinks hyphenation hypothesis iadd iam iana iand ibm icmp icon ics ide idea ideas
ideation ident identchars identify identity idle idna iglob ignorables illustration ilshift images imap immediate
immersive impact impersonate impl implied importable importance importer imports impression impressions improve
improved imu imul inactive inbox includes incognito incoming increase incremental indent indentation indented
independent indexer indexing indicator indicators indices indirect individual infer inference inferred infinite
infinity infix inflight influx influxdb info information informational ingestion ingress inheritable initfp initial
initializer initiate inject injected injection injector inline inner inode inodes inpaint insecure insensitive
insertion inside insight insights inspect inspection inspector instagram installation installer instancecheck
instant instruct instrument integral integrate integration integrations integrity intel intelligence intelligent
intellisense intent interact interaction interactive interceptor intercom interest interests interim interleave
intermediate intern internet interpolation interpret interrupt intersect intersection intro introduction introspect
introspection inuse invalidate invalidated invariant inventory inverse invert invitation invitations invite invited
invites invocation invoice invoices involve ioerror iops ior ios iowait ip ipa ipc ipython isabs isascii isatty
isclosed iscoroutinefunction isdir isfile isinstance islice islink iso isoformat isolate isolated isolation isort
isr isrecursive issubclass issue issued issuer issues istio isub italic itemgetter iterations iterdir iteritems
iterkeys itervalues itinerary ixor jaeger jail january japanese jar javascript jax jdbc jekyll jenkins jest jetty
jinja jira jit jitter joinpath joins journal journey journeys jpeg jpg jpy js jsonable jsonrpc jukebox july jumbo
jump june jupyter jupyterlab justify jvm jwk kaggle kanban kanji kappa katakana keep keras kernel kernels keyboard
keylog keyspace kibana kick kickoff kickstart kill kilo kind kiosk kit kml kms knex knob knowledge known koa kotlin
kpi kube kubectl kubelet kustomize kwarg lab labeled labelled labels labs lambdas lancedb landing landscape
langchain langgraph languages lap lapack laravel laser lasso lasting latam latencies latency later latest latex
latin launched launcher launches layers lazy lazyclassproperty ldap lead leader leaderboard leaderboards leading
leads leaking lean learn learned learner learning lease ledger left legacy legend lens lerna lesson lessons letter
letters levels lex lexer lexists lfu lg lib libraries license licenses lidar lifecycle lifespan lifetime lifo lift
light lightbox lightning like liked likes limiter limits linear lineno linenos linenumber linkage linked linkedin
linker linkerd linking links linode lint linter linters linting listdir listing lists live livestream llama
llamacpp llamaindex lldb llm ln loadavg loader loadfile loads lobby loc locale locales locality localtime located
location locations locator locking locks logged logic logical logo logos logs logstash loki longest look lookbook
looked loops loose lora loss loupe lowercase lowlevel loyalty lru ls lsb lshift lsm lsp lstat lstrip ltrace ltv
lucene luigi lunar lz mac machine macos macosx macro macros mae magenta magic magnet magnifier magnify mail
mailchimp mainline mainloop maintain maintenance major makedirs makefile maker man managed manifest manylinux
mapper maps march margin mariadb mark markdown marker markers market marketing marketplace markup marshal mask
masks masonry mass massive master mastery matcher material matplotlib matrix mau maven maximize maxsize may mbcs
mcp md meal meals mean measure measurement median medium meeting meetings meetup mega megatron meilisearch melody
membership memcached memo memoization memoize memoryview memstats mention mentioned mentions mentor menu menus
merged merger merges mesh meson messaging meta metaclass metal meter meth metric metrics metro mfa mic micro
microphone microservice microservices microsoft middle middleware midi midjourney migrated migrations migrator
milestone milestones milvus mime mind mindmap minhash mini minify minimal minimap minimise minimize minor mint
minus mirror mirrored mirrors misc miss missed mission missions mistral mixed mixer mixin mixtral mkdir mkdocs
mkstemp mkv mlflow mmlu mms mobile mobility mocha mock mockup mod modal moderate moderated moderation moderator
modern modes modification modifyitems mods modular moment mon monday mongo mongoose monitor mood moon morph morsel
motion mounted mouse mov mover movie movies mp mr mro mrr mse msg msgpack msi mssql mtbf mtime mttr mul multi
multicall multicast multiline multilingual multimodal multipart multiplayer multiple multiplex multiplexer
multitask music musllinux mutable mutation mute muted mv mvc mvcc mvn mvvm mypy naive namedtuple namelist nameprep
namespaces naming nan nano narrate narration narrator native nats navbar navigate navigated navigation ndcg ndjson
nearby nearest need needle neg negotiation neighbor neo neon nest net netcdf netlify netloc netmask netscape
networks neural newline newrelic news newsletter newsletters nfc nfs nginx night nightly ninja nlb nlp nodejs nodot
noise nomad nominal nominate nonblank nonce nonlinear nonlocal nonzero noop norm normal normalise normalization
normpath north northeast notation notch note notebook notebooks notes nothing notice notification notifications
notified notify notion november nowait npn nps npx nth nudge nudges nullable numa numba numbering numeric nurture
nuxt nvidia nx obj observability observable observation observe observed observer obsolete obstacle ocaml occlusion
october octree odbc odd ods odt offboarding offer offers office offline often ogg oidc okr okta ollama omega
onboard onboarded onboarding once oneclick onerror ongoing onion online onnx opacity openai openapi openbsd opencl
opengl opens opensearch openshift openssl opentelemetry opera opinion opponent ops optimization optimize optimized
optimizer opus oracle orange orbit orc orchestration orchestrator ordering orders org organization organizer
orientation original orm orphan orphaned oserror otel otp outage outbound outbox outcome outdated outlier outliers
outline outlines outputs outreach overlapping overlay overlays overload overloaded overview owasp own owned owner
owners ownership p2p pace packer packing packrat pad padded padding paddle pager pages pagination paint painter
paints pair paired pairing pairwise palette palindrome pan panel panels pango panorama paper papers paragraph
paragraphs parallax param paramspec paren parental park parseline participant participants parties partition
partner partners parts party passive passthrough past paste pasted patches patchheader pathname patterns pause
paused paxos pay payment payments paypal pci peek peers peft pen pencil pep percent percentage perf performance
performer period periodic perl permalink permutation permute perplexity persist persistence persistentvolume
persistentvolumeclaim persona personalization personalize personas perspective pet pgvector phase phases phi phone
photo photos php physical physics pick picked picker pickler pictures pie piecewise pilot pin pinch pinecone ping
pink pinned pins pipelines pipx pirc pivot pixel pixels pkg place placeholder placement places plain plan plane
planner planning plans plants platform play playback played player playground playlist playlists plays playwright
plot plotly plots plugins plus png pnpm pocket podcast podcasts poddisruptionbudget podium podman pods poetry point
points poisoned polars poller polls poly polygon polynomial pooling poolmanager popen popitem popover popular
popularity populate popup portal portfolio portrait portraits ports pos post posted posting postrelease posts pow
power powerful powershell ppo pptx practice preceded precedence precondition predicate predict prediction
predictions prefect prefer preference preferences prefetch prefill prefix premature premium prep preparation
prepend preprocess preprocessor prerelease prereleases present presentation preserve preset presets press pressed
pressure presto pretrain prettier pretty prev preview previews price prices prime primitive principal printable
printables printed printer printing prints prior priority prisma privacy private prize probably probe problem
problems proc procedures proceed processor produced production products profiler profiles profiling prog programs
progress projects prometheus promo promote promoted promotion prompt proof prop propagate propagation proper
properties proposal props protect protected protection protobuf prototype provision provisional provisioning
proxied proxies prune pruning ps pseudo psql pss pst published publisher publishers pubsub pulls pulsar pulse
pulumi punctuation punycode puppet purchase purchases pure purge purple pushed pushes putcmd putheader putline
putrequest puzzle puzzles pwa pwd pyc pylint pyopenssl pypi pypirc pyright pyspark pytest pytorch qdrant qlora qps
qr qsize qt quadrature qualified qualifier qualifiers quality qualname quantity quantization quantize quantized
quarantine quest questdb question questions quests quic quick quickstart quiet quit quiz quizzes quorum quote qwen
rabbit rabbitmq racing radar radd radial radio radius raft rag raid railroad rails railway rand randbelow random
ranked ranking rankings rapid rar raster rated rates rating ratings rational ray rbac rdf rds react reaction
reactions readframes readinto readlink readme reads ready real realpath realtime rebalance rebase rebased rebuild
rec recall recap receipt receipts receiver recent recents recipe recipes recipient reciprocal reckless reclaim
recommend recommendation recommendations recommended recommender reconciler reconciliation reconfigure recorded
recorder recording recordings recoverable recovered recovery rectangle recurring recursively recv red redact redeem
redesign redhat redo redshift reducer redundancy redundant ref refactor refactoring references refill refine
reflect reflection reflow reformat refreshed refund refunded refunds reg regenerate regex regional registrar
registration regression rehearsal rehydrate reindex reinit rejection rel relabel related relations relationship
relaxed relay releases relevance relevant relpath remap remind reminder reminders remix removal rendered renderer
rendering renew renewal renewed reopen reorder reordered repair repeated replacement replacer replay replicaset
replicasets replication replicationcontroller replicator replies repo reported reporter reports repos repr
represent representation requester require requirement requirements reraise rerank reranker reroute rerun
resampling rescan reschedule research reservation reserved reserves resets reshape reshare residual resized
resolution resolver resolving resourcequota respondent responsive restarted restarts restored restricted
restriction retain retained retake retention rethink retire retired retouch retraction retrieval retrieve retriever
retro retryable returncode reuse reveal revenue reverse reversible revert reverted review reviewed reviewer
reviewers reviews revise revised revision revocation reward rewards rewrite rewrites rfc rfid rgb rhythm ribbon
rich ride rides right ring rings rise rlhf rm rmod rmse rmtree rmul road roadmap roaming roberta robot robotics
robotparser robots roc rocket rocm rogue roi rolebinding roll rolling rollout rollover rollup room rooms ror roster
rotate rotated rotation rouge round routes routine routines routing rpm rpow rps rq rsa rset rshift rss rst rstrip
rsub rtf rtruediv rubric ruby ruff ruler rules runbook runbooks runcall runcode runctx runner runners runs
runsource runtest rust rustc rustup rxor s3 safari safe safety saga sagemaker sale sales salesforce salt samefile
saml sampler samples sampling samsung sandbox sap sasl sass sast sat satellite satisfied saturday saver saves
saving sbom scaffold scaffolding scala scalable scale scaled scaling scanned scanner scans scatter scenario scene
scenes schedules scheduling scientific scim scipy scopes score scored scores scout scp scrape scraped scraper
scratch scratchpad screen screens screenshot screenshots scripts scroll scrollbar scrolled scrubber scrubbing
scrypt scsi scss scylla sdist sdk seaborn seal sealed sealing search searched searches season seasons seat seats
secondary sections sector secure security sed seed seeds seekable seen segments selected selection selections
selenium selfie semantic semi sendall sender sendfile sendgrid sends sendto sensitive sensor sentiment sentinel
sentry seo sep separate separator september seq sequelize sequences serial serialization served serviceaccount ses
sessionstart setcomptype setdefault setframerate setnchannels setnframes setparams setpos setsampwidth setstate
setter settimeout settle sft sftp sha shade shader shaders shadow shadows shake shapes sharding shares sharing
sharpen shebang sheet sheets shelf shield shift shim ship shipment shipped shipping shm shop shopify shopping
shortcut shortcuts shorten shortest shorts show showcase showed shown shows showwarning shp shuffle shuffled
sibling siblings side sidebar sidecar sidecars sig sigint sigma sign signals signed signing signup signups silence
silenced silent silver simd similar similarity simple simplefilter simplified simplify simulate simulated
simulation simulations simulator singledispatch singular sink site sitemap sites skeleton skeptic sketch sketches
skewed skill skills skin skins sla slack slash sleep sleeping sli slices slide slider sliders slides slideshow slo
slots slow slsa sm smart smoke smooth smoothing sms smtp snake snap snapped snapping snapshots sneak snippet snooze
snoozed snow snowflake sns soap soc social sock socketios socks soft softirq software solid solo solr solution
solve solved solver song songs sony sorted sorter sorts sound sounds sourcefile sources south southeast spa spaces
spam span spans spark sparkline sparklines sparql sparse spatial spawner spdx speak speaker speakers spec special
specialize specific specification specifier spectrum speech speed spell spelling spherical sphinx spike spikes spin
spinner spiral splitext splits splitter splunk sponsor sponsored sport sports spot spotify spotlight spread spring
springboot sprint sprints sprite sqlalchemy sqs square squash squashed srange sre srt sse ssg ssh sso ssr stabilize
stable stacks staff staged stages stagger staging stall stamp stamps standardize standby standup star starlette
starred stars starter starters starts startswith starttag starttls startup stash stat statefulset statistic stats
stay stdlib steady steal steer stem stemming stencil stepper steps stereo sticker stickers sticky stitch stl stmt
stock stocks stomp stopwatch storageclass stories story storyboard storybook str strace stranded strategies
strategy streak streaks streaming streamline streamlit streams street stress strict strike stringify strip stripe
stroke strong strptime strtobool structured sts stub studio stuff styled stylelint styles stylus subclasscheck
subclasshook subgraph subject submission submits submodule submodules subnet subscribed subscriber subscribers
subscript subscriptions subset subst substitute substitution substrings subtest subtitle subtitles subtotal
subtract subtype success sudo suggest suggested suggestion suggestions suite sum summaries summarize summarized
summary sun sunburst sunday sunrise sunset supabase supervised supervisor supplier suppress surface surround survey
surveys suse suspend suspended suspicious svc svelte svg swapped swarm sweep swf swift swig swipe swiped switched
switcher sycl symbolic symfony symlink symmetric synced synchronization syncs synonyms synth synthesis synthesizer
sys tablet tabs tactile tagged tagging tags tail tailor tailwind taint taints take taken takeover talk tampered tap
taps tarball targeting targets tax tcp tdd teal team teams tear teardown technical tee telegram telemetry teleport
tell temp tempdir templates tempo tenant tension tensorboard tensorrt terminal terminals terminator ternary
terraform territory testcase tester testers testing tex texture tf thai theater theme themes theming theory
thesaurus theta thing throttling through thu thumb thumbnail thumbnails thursday ticker ticket tickets tidy tie
tier tiers tiff tiktok tile tilemap tiles tilt timedelta timeline timelines timers timescale timestamp timetuple
timing tint tiny tip tips titles tld tls tmp tmpdir toast toasts toc today todo todos together toggle toggled
toggles tokenizer tokenizers toleration tomcat tone tones toolbar toolbars toolbox toolchain toolkit tooltip
tooltips top topic topics topology total totp touch touched tour tours tpot tps tracer tracing track tracked
tracker tracking tracks trade trades traefik traffic trail train trained trainer training trainings trait
transcoder transcribe transcription transcripts transformation transformer transformers transforms transient
transit transition transitive translated translation translations translator transmitter transparency transparent
transpiler transpose trap trash travel traversable traversal travis treasure treasury treemap trello trend trending
trends triage trial trials triangle triangulate tribe trick triggered triggers trim trimmed trino trip triple
triplet trips triton trivial trophies trophy truediv truncation trust trusted truthful truthy tsan tsv ttf ttft ttl
tty tue tuesday tune tuned tuning tunnel turbo turborepo turn tutor tutorial tutorials tweak tweaks twilio twin
twitter typeahead typed typeddict typename typeorm typescript typesense typevar typevars typevartuple typing
typography tz tzname ubsan ubuntu udp ui uk uname unarchive unary unassign unbind unblock unblocked unbounded
uncheck uncommitted uncordon undecidable underlying underscore undirected undo unescape unfold unfollow ungroup
unhashable unification uniform unify unindent uninstall union uniq units universal universe unlink unloader
unlocked unmute unnamed unordered unparse unpin unprocessed unpublish unquote unread unreadline unredirected
unreliable unreserved unresolvable unrewindable unsafe unsatisfiable unsatisfied unseal unselect unset unshare
unsigned unsorted unstable unsubscribe unsubscribed unsupervised unsync untag untrusted untyped unverified unwrap
unzip updater updates upgraded upgrades uploader uploads upper upscale upscaler upsert uptime urlsafe us usability
usable usb usd usdz useful userinfo utcoffset util utilities utilization utm uv uvicorn uwsgi vacation vacuum
vagrant valgrind validation validator validity valuable varargs variance variant variants vars vat vault vcf vcs
vendor vendors verbose verbosity vercel verification verified verifier versioning versus vertex vertical vespa
viable vibrate vibration video videos viewed viewer viewers views vignette vintage visibility visible vision visit
visited visitor visits visual visualization visualize visualizer vite vitest vllm vlog vm vmstat voice voices void
volatile voltage volumes vote voted votes voting voxel voyage vpc vpn vr vsync vtt vue vulkan vulnerabilities
vulnerability waf waiter waitlist wake wakeup wal walk walkthrough wall wallet wallpaper wallpapers walrus wandb
war warehouse warm warmup warn warned warp wash wasm watch watchdog watched watcher watching watchlist watermark
wau wav wave waveform waves waypoint wc weak wealth wearable weather weave weaviate web webcam webengine webhook
webhooks webinar webinars webm webp webpack webrtc website websites websockets wed wednesday week weekday weekly
weeks weights welcome west wheel whisper white whitespace whl whole widen widget widgets wiki wikis wildcard win
windowed windows windsurf winogrande wire wireframe wireless wiring wishlist wizard wizards word wordcloud words
work workaround workbench workflows workload workloads workout workouts works workshop workshops workspaces world
worlds worth wrapped wrapper wrist writeframes writeframesraw writelines writes wsgi xargs xl xlsx xor xpath xr
xray xs xsd xss xxl xz yarn year yearly years yellow youtube zapier zen zendesk zeromq zeta zipinfo zipkin zmq
zookeeper zoom zoomed zsh zst
"""

WORDS = frozenset(_TEXT.split())
