"""The words that programs, their parts and their features are called by. Data alone, no rules.

Written down by hand, and those that at least three of 299 Python packages have in the names of their code. No names of
people, and of what people own or suffer only what software deals with every day. A word that is not here costs little:
`words.MAX_STRANGE` says how much.
"""

from __future__ import annotations

_TEXT = """
aac ab abac abc abi ability abis abspath accelerate accelerator accent access accessibility accessible
accommodation accordion account accounts accrual accumulate accumulation accumulator accuracy achievement acid
acknowledge acknowledged acl aclose acm acme acquisition acr action activate activated activemq activity actual
actuarial actuator adapter adaptive adblock addhooks additional addon addr address adjacent adjust admin admission
adobe advance advanced advantage advisor aes affinity against agenda agent aggregate agreement ahead ai aider air
airdrop airflow airplane airport airtable aix aks alarm alarms alb album alembic alert alerts algebra algebraic
algolia algorithm align alignment alive allocatable allocator allreduce alphanums alpine alpn alt altair alternate
alternative altitude always amazon ambient ambiguity amd ami ammo ampere amplify analyse analysis analytics analyze
analyzer ancestry anchor android angle angular animate animation annotate annotated annotation announce annoy ansi
ansible answer answers ant anthropic aot apac apache aperture apim apiserver apk apollo app appearance appender
appimage apple appliance applies approval approve approved approx apps april apt ar arabic arbiter arbitrary arc
arch architecture archive archived archlinux area argo argocd argon arithmetic arity arm armhf armor arn
arpeggiator arr arrange arrival arrow art article artifact artifacts artisan artist artwork asan asana asdict asg
asgi aside ask aspect assay assembler assembly assert asset assignment assist assistant assoc associate association
assume ast astronomy astuple asynccontextmanager athena atm atom atomic attachment attendance attendee attendees
attention attestation attestor attestors attr attraction attrib attribution auc auction audience audio audit
augment august aurora author authoring authority authorized authorizer auto autocomplete autocompletion autofill
autofix autofocus autogen autohide autoload automate automated automation automount autoname autoplay autosave
autoscale autoscaler autoscaling autoscroll availability available avatar avatars avi avif avro avx await awaitable
aware away awk awq aws azimuth azure babel backfill background backlog backoff backslashes backspace backtest
backtrace backup backups backward badge badges balance balancer ban bank banking banner banners bar barcode bare
barometer barrier bars base basecamp baseline basemap basename bash basic basis bass batch batcher batchsize
battery baz bazel bba bcrypt bdd bdist beacon beam bean bearing bed bedrock bedtime beep behavior behind bell bench
benchmark benchmarks bending benefit bert beta better bff bgcolor bib bibliography bid bidi bidirectional big
bigquery bigtable bike bilingual billing bin binauthz binding bing bio biology bisect bitbucket bitmap bitrate
black blackjack blah blame blank blas blazor ble blemish blend bleu blind blitz blob block blocker blocking blue
blueprint bluetooth blur bm bmp bnb board boarding boards boilerplate bokeh bold bollinger bond book booking
bookmark bookmarks boost booster boot bootloader bootstrap border boss bot bots bottle bottom bounce boundary
bounty box brace bracket brackets branches brand branding brave bravo breach breadcrumb breadcrumbs break breakdown
breaker breakfast breakout breakpoint breakpoints brew brick bridge brief bright brightness brim broadcast broker
brotli brown browse browser browsing brush bson bubble buck bucket buddy budget buf buffer bug buildah builder
builders buildkite builds builtin bulb bulk bulkhead bullet bullets bump bun bundle bundler bundles burndown burst
bus business button buttons buy buzz bypass byte bytearray bytecode bz cabin cable cac cache caches caddy calc
calculation calculator calculus calendar calendars calibration calico call caller callstack calorie camel camera
campaign campaigns campus can canbus cancel cancellation candidate candlestick canned canonical canonicalize canva
canvas cap capability capacity capital captcha caption captioned captions capture car carb carbon card cards caret
cargo carousel carriage carrier cart cartesian cascade case caseless cash cask cassandra castle cat catalog
catalogue catalyst catch categories category cattle cbc ccpa cd cdata cdll cdn ceil celebrate celery cell cellar
center centos central ceph cert certificate cet cfg chacha challenge chamfer changelog changeset channels chapter
chapters character charge chargeback charger charset chart charts chat chatbot chats chdir cheat checkable checkbox
checkers checklist checkmate checkout checkpoint checks checksum chef chemistry cherry chess chime chinese chip
chips chmod choice choose chooser chord choropleth chorus chown chroma chromatic chromatogram chrome chunked churn
ci cicd cidr cilium cipher circleci circuit circuitbreaker citation citations cjk claim claims clamp clan clang
classic classification classifier classify classloader classmethod classroom classvar claude clause clean cleaner
cleanup cli click clicked clickhouse clicks climb cline clip clipboard clippy clips clock clojure clone cloned
closer closest closure cloud cloudflare cloudformation cloudfront cloudrun cloudsql cloudtrail cloudwatch cls
cluster clustering clusterquota clusterrole clusterrolebinding clusters cmake cmd cmdline cmp cmpkey cny coach coap
cobol codec codecache codegen codename codespace codespaces codex coding coefficient coerce cognito cohort cohorts
coin colab cold collaborate collaboration collaborative collage collapse collapsed collect collectd collector
collision colon color colorize colour column combination combinations combine combo comet comma command commands
comment commenting comments commitment commits commonpath community comp compact compaction compactor companion
comparable comparison compat compatibility compatible compensate compensation compiler complaint complement
completer completion complex compliance compose composer composite compositor compound comprehension compress
compressor computation conan concat concatenate concept concierge concrete concurrent conditional conf conference
confetti confidence configmap confirm confirmation confirmed confluence confstr conn connectivity connector
consecutive consensus consider consistency console constrain constrained construct construction consul consumption
contact contacts containerd context continuation continuous contour contract contrast contribute contributor
control controller conv convergence conversation conversations converter cook cookbook cookiejar cool cooling coop
coord coordinate coordination coordinator copier copilot copyright cordon corner corners coro correct correlate
correlation corruption cortex cosmos cosmosdb cost couch couchbase couchdb countdown counters country coupon course
courses court coverage cp cpc cpm cpp cpython cqrs craft crafting cram crashes crawl crawler crd crdt creation
creator credit crew crewai crio criteria critical criticality crm cron cronjob cronjobs crop cross crossfade
crosshair crossword crs crud cruise crypto crystal csat csharp csp csr css cst cta ctest ctr ctrl ctype cube cubes
cudnn cues cultural cumulative curate curator curl currency curriculum cursor curtain curve custom customer
customize customized customs cut cutscene cve cvss cvt cwd cyan cycle cycling cygwin cypress cyrillic cython daemon
daemonset dag dagster daily dalle dangling dark dash dashboard dashboards dask dast databricks dataclass datadog
dataflow datagram datanode dataplex dataproc datasets datastore datastream datastructure datastructures datetime
dau day daybeat daylight db dbt ddd ddos deactivate dead deal dealer deals deb debian debit debounce debrief debug
debugger debugging debuglevel decay december decimal decipher decision deck decks decl declare decline decode
decoder decoding decompile decompose decomposition decorate decorated decorating decrease decref dedent dedupe
deduplicate deduplication deepcopy deepen deepseek deepspeed defaultdict defaults defer deferred deflate defragment
defs degraded degree del delattr delay delegate delegating delegation deletable deletion delimited delimiter
delitem deliver delivery delta demo demos demuxer deno denoise density dep departure depend dependabot dependency
dependent deploy deployed deployer deployment deploys deposit depot deprecate deprecation deps depths deque der
deregister derivative derive describe description deselect deserialization design desired dest destroy detached
detail details detection detector determine deterministic dev devanagari develop developer developers device
devices devtools dhcp diag diagnose diagnostic diagnostics diagonal diagram dial dialect dialog dialogs dialogue
diamond dice dicom dictation dictionary diet diff difference different difficulty diffusers diffusion digest
digital digitalocean digits dim dimmer dinner direct direction directive directories dirname dirty disable disallow
disassociate discard discarded discord discount discover discovered discovery discrete discussion discussions
dishwasher disjoint disk diskspace dislike dismiss dismissed dispatcher display displays disposition dispute dist
distance distill distillation distinct distinfo distraction distribute distribution distro disturb div divergence
dividend divider divmod django dll dlp dmg dnf dns dnsname doc dock docked docket docs docstring doctype document
documentation docx dogfood dom domain dominant donate donation donut door doorbell dose dot dotnet dotted double
doubleclick downgrade download dpo draft drafts drag dragged dragonfly drain draw drawer drawing drift drill drive
drivers drizzle drone drop dropbox dropdown dropout dropped dropwizard druid drum dry dryer dspy dst dto dtype du
dual duckdb dumb dummy dunder dunning dup dvc dwell dx dye dylib dynamic dynamodb dynatrace dyslexia eager early
earthquake ease east easter ebpf ebs ec2 ecdsa ecg echo eclipse ecr ecs ed eden edge edit editable edited editing
editor editors eeg effect effective effects efs egg eggs egress ehr eject ekm eks eksctl elapsed elastic
elasticache elasticbeanstalk elasticsearch elb election elem element elevation elf elixir ellipsis emacs email
embed embedded embedder embedding embeds emea emergency emitter eml emoji emojis emr emulate emulator enable
enabled encapsulation enclave enclosure encoder encrypted encryption endgame endless endpoint endpoints endswith
endurance enduser enemy energy enforce engage engagement engine enhance enhanced enhancements enquiry enroll
enrolled enrollment ensemble entitlement entity entra entropy enumerate enumeration env envelope environ
environment envoy enzyme eof ephemeral epic epilog episode epoch epsilon epub equality equalizer equation equity
equivalent erase eraser erlang err esbuild escalation escape escrow eslint est estimate estimates estimator etag
etcd ethernet eu eur ev evacuation eval evaluation evaluations even event eventarc eventbridge eventbus
eventexecutor eventloop everseen eviction evidence evolve evt exact exam example examples exc except excepthook
excerpt exchange exclude exclusion exclusive exe exec execfile executable execution exercise exercises exhaustion
exhibit exif existence exitfunc expandable expanded expander expanduser expansion expat expect expectation expense
experiment experimental experiments expert expiration expires expiry explain explainer explicitly exploration
explore explorer exponent export exported exporter exports exposure expr express expression ext extended extension
extensions external extract extraction extractor extras extrude extruder eyedropper f1 faas face facebook facet
facility factor fade failover faiss falcon fallback family fan fancy fanout faq faqs fare fargate farm fast fastapi
fastify fat fault favicon favorite favorites favourite favourites fbx fds feather features february federation
fedora fee feed feedback ferry fertilizer fetch fetcher ffi ffmpeg fhir fido field fifo figma figure filament
filelist fileno filestore filing filler fillet fills film filter filtered filters final finalizer finally finance
findall finder finding fine finetune finetuning fingerprint fingerprinting fingerprints finite firebase firefox
firestore firewall firmware fish fit fitness fix fixed fixer fixes fixture fixup fizz fizzbuzz fk flac flags flake
flamegraph flannel flash flashcard flashcards flask flat flatpak flatten flax fleet flexible flicker flight flink
flip flipped floating flood floor floordiv flow flows fluentbit fluentd fluid flutter flux fly fmt focus focused
fold folder folders follow followed follower followers follows font foo foobar footer footnote footnotes force
forecast forecasts forest forever forex forget forked forks form format formats formatter formatting forms formula
fortran forum forums forward forwarded fps fraction fragment frame framerate frames fraud free freebsd freemium
freeze freezer freight frequency fresh fri friday fridge friendly frog fromkeys front frontier frozen frozendict
frozenset fs fsharp fspath fstring ftp fullscreen fully func funnel funnels fusion future fuzz fuzzy gain galaxy
gallery game gamepad gamma gantt gap garage garbage garden gas gate gateway gatsby gatt gauge gauges gbp gc gcc
gcloud gcm gcp gcs gdb gdpr gemini gemma gen gene general generate generation generations generator generic genome
genomics gentoo geo geocode geofence geography geojson geolocation geometric geometry geospatial gesture gestures
getaddrinfo getattribute getbuffer getcompname getcomptype getfp getframerate getheader getheaders getline getlines
getlist getmark getmarkers getnchannels getnewargs getnframes getparams getpeercert getresp getresponse
getsampwidth getsockopt getstate getter gettimeout geturl getvalue getwelcome ggml gguf gh gif gifs gift giga gil
gist gitaly gitea github gitlab giveaway giveup gke glacier glance glb global gloss glossary glow gltf glue
glusterfs gnome gnu goal goals gofmt going golang golangci gold golden good google gopls goroutine goroutines goto
gpio gps gpt gptq gpx grade gradebook gradient gradients gradio gradle grafana grained grammar grant graphics
graphite graphs gravity gray greedy greek green greenhouse greet grep grey grid grids gripper grocery ground group
groupby groups grow growth grpo grype gsm guard guardduty guardrail guess guest guests gui guidance guide guided
guidelines guides guild guitar gunicorn gutter gz hackathon hadoop half halo halt ham hamburger hand handles
handoff handover hands hanging hangul hapi happy haproxy haptic haptics hard hardlink hardware harness harvest
hashing hashtag hashtags haskell haskeys hatch haystack hazard hbase hcl hclfmt hdf hdfs hdr head headerregistry
heading headings headless headset health healthcare healthcheck heap heart heartbeat heating heatmap heavy hebrew
hedge heic hellaswag hello helm helmfile help helpdesk helper helpers hero heroku hetzner heuristic hevc hex
hibernate hidden hide hierarchy highlight highlighted highlighter highlights hikari hiking hillshade hint hints
hipaa hiragana histogram history hit hitbox hive hls hmac hmi hnsw holiday hologram home homepage homework hooks
horizon horizontal hosted hosting hosts hot hotel hotspot hourly hours house hover hpa hsm hsts http http2 hub
hubspot hud hue huge hugepage hugepages huggingface hugo human humaneval humidity husky hw hybrid hydrate hydration
hyperband hyperlink hyperlinks hyphenation hypothesis hystrix i2 iadd iam iana iand iap ibm icinga icmp icon ics id
ide idea ideas ideation ident identchars identify identity idle idna ids idun idx iglob ignorables illustration
ilshift imagery images imaging imap immediate immersive impact impala impersonate impl implied import importable
importance importer imports impression impressions improve improved imu imul inactive inbox includes inclusive
incognito income incoming increase incremental indent indentation indented independent indexer indexing indicator
indicators indices indirect individual infer inference inferred infill infinite infinity infix inflight influx
influxdb info information informational ingestion ingredient ingress inheritable initfp initial initializer
initiate inject injected injection injector inline inner inode inodes inpaint insecure insensitive insert insertion
inside insight insights inspect inspection inspector instagram installation installer instance instancecheck
instant instruct instrument insurance intake integral integrate integration integrations integrity intel
intelligence intelligent intellisense intent interact interaction interactive intercept interceptor intercom
interconnect interest interests interim interleave intermediate intern internet interpolation interpret interrupt
intersect intersection interval interview intro introduction introspect introspection inuse invalidate invalidated
invariant inventory inverse invert invitation invitations invite invited invites invocation invoice invoices
involve ioerror iops ior ios iostat iot iowait ip ipa ipc ipsum ipython irrigation isabs isascii isatty isclosed
iscoroutinefunction isdir isfile isinstance islice islink iso isochrone isoformat isolate isolated isolation isort
isr isrecursive issuance issubclass issue issued issuer issues istio isub italic item itemgetter iterations iterdir
iteritems iterkeys itervalues itinerary ivf ixor jaeger jail january japanese jar javascript jax jdbc jekyll
jenkins jest jetty jinja jira jit jitter job jobtracker jog joinpath joins journal journalctl journey journeys
joystick jpeg jpg jpy js jsonable jsonrpc jukebox july jumbo jump june jupyter jupyterlab justify jvm jwk kaggle
kanban kanji kaplan kappa karaoke katakana kde keep keg keras kerberos kernel kernels kestrel kexec key keybinding
keyboard keying keylog keymap keyset keyspace keyvault kibana kick kickoff kickstart kill kilo kind kinesis kiosk
kit kitchen kl kml kms knex knob knowledge known koa kotlin kpi kube kubectl kubelet kudu kustomize kv kwarg lab
label labeled labelled labels labs ladder lag lambda lambdas lamp lancedb landing landscape lane langchain
langgraph languages lap lapack laravel laser lasso lasting lat latam latencies latency later latest latex latin
latitude lattice launched launcher launches lawn layer layers layout lazy lazyclassproperty ldap lead leader
leaderboard leaderboards leading leads league leak leaking lean learn learned learner learning lease leave lecture
ledger left legacy legal legend leiningen lens lerna lesson lessons letter letters lettuce level leveling levels
lex lexer lexists lfu lg liability lib libraries library license licenses lidar lifecycle lifespan lifetime lifo
lift ligature light lightbox lightmap lightning lightsail like liked likes limit limiter limits linear lineno
linenos linenumber linkage linked linkedin linker linkerd linking links linode lint linter linters linting
liquidity listdir listing lists lite live livestock livestream llama llamacpp llamaindex lldb llm ln load loadavg
loader loadfile loadout loads loan lobby loc locale locales locality localtime locate located location locations
locator lock lockdown locking locks log4 logback logged logic logical logo logos logs logstash loki lon longest
longhorn longitude look lookbook looked loop loops loose loot lora lorawan lorem loss loupe lowercase lowlevel
loyalty lru ls lsb lshift lsm lsp lstat lstrip lti ltrace ltv lua lucene luggage luigi lunar lunch lyric lz mac
machine macos macosx macro macros mae magenta magic magnet magnifier magnify mail mailchimp mainline mainloop
maintain maintenance major makedirs makefile maker malware mamba man mana managed manifest manylinux map mapper
maps march margin mariadb mark markdown marker markers market marketing marketplace markup marshal mask masks
masonry mass massive master mastering mastery match matcher matchmaking mate material materials math matplotlib
matrix matter mau maven maximize maxsize may mbcs mcp md meal meals mean measure measurement median medium meeting
meetings meetup mega megatron meier meilisearch melody membership memcache memcached memo memoization memoize
memorystore memoryview memstats memstore mention mentioned mentions mentor menu menus merge merged merger merges
mesh meson messaging meta metaclass metadata metal metaspace metastore meteor meter meth metric metrics metro
metronome mfa mgrs mic micro micrometer microphone microscope microservice microservices microsoft microwave middle
middleware midi midjourney migrated migrations migrator mileage milestone milestones milvus mime mimir mind mindmap
minhash mini minify minimal minimap minimise minimize minio minor mint minus minute mipmap mirror mirrored mirrors
misc miss missed mission missions mistral mix mixed mixer mixin mixing mixtral mkdir mkdocs mkstemp mkv mlflow mmlu
mms mobile mobility mocha mock mockup mod modal modbus mode moderate moderated moderation moderator modern modes
modification modifyitems mods modular moisture molecule moment momentum mon monday mongo mongoose monitor mood
moodle moon mop morph morsel mortgage motion motor mount mounted mouse mov move mover movie movies mower mp mps
mqtt mr mri mro mrr mse msg msgpack msi mssql mtbf mtime mttr mul multi multicall multicam multicast multicursor
multiline multilingual multimodal multipart multiplayer multiple multiplex multiplexer multitask museum music
musllinux mutable mutation mute muted muxer mv mvc mvcc mvn mvvm mycelium mypy nagios naive name namedtuple
namelist namenode nameprep names namespaces naming nan nano narrate narration narrator native nats nav navbar
navigate navigated navigation navmesh nccl ndcg ndjson nearby nearest nebula need needle neg negotiation neighbor
neo neon neptune nest net netapp netcdf netcode netlify netloc netmask netscape netstat netty network networks
neural newline newrelic news newsletter newsletters nfc nfs nginx night nightly ninja nlb nlp nodegroup nodejs
nodot noise nomad nominal nominate nonblank nonce nonlinear nonlocal nonzero noop norm normal normalise
normalization normpath north northeast notary notation notch note notebook notebooks notes nothing notice
notification notifications notified notify notion november nowait nozzle npc npn nps npx nth nucleus nudge nudges
nullable num numa numba numbering numeric nums nurture nutrition nuxt nvidia nx obj observability observable
observation observe observed observer obsolete obstacle ocaml occlusion occupancy occurrence octets october octree
odbc odd ods odt offboarding offer offers office offline offload often ogg ohlc oidc okr okta ollama omega onboard
onboarded onboarding once oneclick onerror ongoing onion online onnx ontology op opacity opcounters opcua open
openai openapi openbsd opencl opengl opening opens opensearch openshift openssl opentelemetry opentofu opera
operator opinion opponent opportunity ops optimization optimize optimized optimizer option opus oracle orange orbit
orc orchard orchestration orchestrator order orderbook ordering orders org organization organize organizer
orientation original orm orphan orphaned orthomosaic osd oserror ota otel otp outage outbound outbox outcome
outdated outdent outlet outlier outliers outline outlines outputs outreach oven overflow overlapping overlay
overlays overload overloaded overview owasp own owned owner owners ownership p2p pace packer packing packrat pad
padded padding paddle page paged pager pages pagination paging paint painter painting paints pair paired pairing
pairwise palette palindrome pallet pan panel panels pango panorama pantry pants paper papers paragraph paragraphs
parallax parallel param paramspec parcel paren parental park parseline participant participants parties partition
partner partners parts party pass passenger passive passthrough past paste pasted patches patchheader patent
pathname pathway patterns pause paused paxos pay payment payments payout paypal payroll pci pdm peak peek peering
peers peft pen pencil pep percent percentage perf performance performer perimeter period periodic perl permalink
permission permutation permute perplexity persist persistence persistentvolume persistentvolumeclaim persona
personalization personalize personas perspective pest pet pgvector phase phases phi phone phonics photo photos php
phx phylogeny physical physics piano pick picked picker pickler picture pictures pie piecewise pilates pilot pin
pinch pinecone ping pink pinned pinot pins pipeline pipelines pipette pipx pirc pitch pivot pixel pixels pkg place
placeholder placement places plagiarism plain plan plane planet planner planning plans plant planting plants plate
platform play playback played player playground playlist playlists plays playwright plot plotly plots plug plugin
plugins plus png pnpm pocket podcast podcasts poddisruptionbudget podium podman pods poetry point points poisoned
poker polars policy poll pollen poller polls pollution poly polygon polymer polynomial pool pooling poolmanager
popen popitem popover popular popularity populate popup portal portfolio portion portrait portraits ports pos post
posted posting postrelease posts poultry pour pow power powerbi powerful poweroff powershell ppo pptx pr practice
preceded precedence precipitation precision precondition predicate predict prediction predictions prefect prefer
preference preferences prefetch prefill prefix premature premium prep preparation prepend preprocess preprocessor
prerelease prereleases presence present presentation preserve preset presets press pressed pressure presto pretrain
prettier pretty prev preview previews price prices prime primitive principal print printable printables printed
printer printing prints prior priority prisma privacy private prize probably probe problem problems proc procedures
proceed processor proctoring procurement produced product production products profile profiler profiles profiling
profinet profit prog programs progress project projects prometheus promo promote promoted promotion prompt pronoun
pronunciation proof prop propagate propagation proper properties proposal props proration prores protect protected
protection protein proteomics protobuf prototype provider provision provisional provisioning proxied proxies proxy
prune pruning ps pseudo psql pss pst pub publish published publisher publishers pubsub pulls pulsar pulse pulumi
puma punctuation punycode puppet puppeteer purchase purchases pure purge purple pushed pushes putcmd putheader
putline putrequest puzzle puzzles pwa pwd pyc pyenv pylint pyopenssl pypi pypirc pyright pyspark pytest pytorch
qdrant qlora qps qr qsize qt quadrature qualified qualifier qualifiers quality qualname quantity quantization
quantize quantized quarantine quest questdb question questions quests queue quic quick quickfix quicksight
quickstart quiet quit quiz quizzes quorum quote quux qux qwen rabbit rabbitmq racing radar radd radial radio radius
raft rag raid railroad rails railway rain rake ramp rand randbelow random rank ranked ranking rankings rapid rar
raster rate rated ratelimiter rates rating ratings rational raw ray raytrace raytracing rbac rdf rds react reaction
reactions reactor reader readframes reading readinto readlink readme reads ready reagent real realpath realtime
rebalance rebar rebase rebased reboot rebuild rec recall recap receipt receipts receiver recent recents recipe
recipes recipient reciprocal reckless reclaim recommend recommendation recommendations recommended recommender
reconciler reconciliation reconfigure recorded recorder recording recordings recoverable recovered recovery
recruiter rectangle recurrence recurring recursively recv red redact redeem redesign redeye redhat redo redpanda
redshift reducer redundancy redundant reel reexec ref refactor refactoring references refill refine reflect
reflection reflow reformat refresh refreshed refund refunded refunds reg regenerate regex region regional
regionserver register registrar registration regression regularization rehearsal rehydrate reimage reindex reinit
rejection rekognition rel relabel related relations relationship relaxed relay releases relevance relevant
relinquish relpath remap remind reminder reminders remix removal rename render rendered renderer rendering renew
renewal renewed renovate rental reopen reorder reordered rep repair repeat repeated repetition replacement replacer
replay replicaset replicasets replication replicationcontroller replicator replies reply repo report reported
reporter reports repos repost repr represent representation repro requester require requirement requirements
reraise rerank reranker reroute rerun resampling rescan reschedule rescue research reservation reserved reserves
resets reshape reshare residual resign resilience resin resized resolution resolver resolving resource
resourcequota respawn respondent response responsibility responsive restarted restarts restaurant restore restored
restricted restriction resume retain retained retake retention rethink retire retired retouch retraction retrieval
retrieve retriever retro retry retryable return returncode reuse reveal revenue reverb reverse reversible revert
reverted review reviewed reviewer reviewers reviews revise revised revision revocation revoke reward rewards
rewrite rewrites rfc rfid rgb rhythm ribbon rich ride rides right ring rings rise risk rlhf rm rmod rmse rmtree
rmul road roadmap roaming roberta robo robot robotics robotparser robots roc rocket rocm rogue roi rolebinding roll
rollback rolling rollout rollover rollup rook room rooms ror roster rotate rotated rotation rouge round route
routes routine routines routing row rpm rpow rps rq rsa rset rshift rsi rsocket rspec rss rst rstrip rsub rtf rtmp
rtruediv rubric ruby ruff rule ruler rules ruleset rumble run runbook runbooks runc runcall runcode runctx runner
runners running runs runsource runtest rush rust rustc rustfmt rustup rxor s3 safari safe safety saga sagemaker
sale sales salesforce salt samefile saml sample sampler samples sampling samsung sandbox sap sar sasl sass sast sat
satellite satisfied saturation saturday save saver saves saving sbom sbt scaffold scaffolding scala scalable scale
scaled scaling scan scanned scanner scanning scans scatter scenario scene scenes schedule scheduled scheduler
schedules scheduling scholarship school scientific scim scipy scopes score scored scores scorm scout scp scrape
scraped scraper scratch scratchpad screen screens screenshot screenshots scripts scroll scrollbar scrolled scrubber
scrubbing scrypt scsi scss sculpture scylla sdist sdk seaborn seal sealed sealing search searched searches season
seasons seat seats secondary sections sector secure security sed seed seeds seekable seen segment segmentation
segments selected selection selections selenium selfie semantic semester semi seminar sendall sender sendfile
sendgrid sends sendto sense sensitive sensor sentiment sentinel sentry seo sep separate separator september seq
sequelize sequence sequencer sequences serial serialization served serviceaccount serving servo ses session
sessionstart set setcomptype setdefault setframerate setnchannels setnframes setparams setpos setsampwidth setstate
setter settimeout settle setup sft sftp sha shade shader shaders shadow shadows shake shapefile shapes sharding
share shares sharing sharpen shebang sheet sheets shelf shelter shield shift shim ship shipment shipped shipping
shm shop shopify shopping shortcut shortcuts shorten shortest shorts show showcase showed shown shows showwarning
shp shuffle shuffled shutter sibling siblings side sidebar sidecar sidecars sidekiq sig sigint sigma sign signals
signature signed signing signup signups silence silenced silent silver simd similar similarity simple simplefilter
simplified simplify simulate simulated simulation simulations simulator single singledispatch singular sink siren
site sitemap sites skaffold skeleton skeptic sketch sketches skewed skill skills skin skins skirt skopeo skybox sla
slack slash sleep sleeping sli slicer slices slide slider sliders slides slideshow slo slope slot slots slow slsa
sm smart smoke smooth smoothing sms smtp snack snake snap snapped snapping snapshots sneak snippet snooze snoozed
snow snowflake sns snyk soap soc social sock socketios socks soft softirq software soil solar solid solo solr
solution solve solved solvent solver sonarqube song songs sony sorted sorter sorts sound sounds soundtrack
sourcefile sources south southeast spa spaced spaces spam span spanner spans spark sparkline sparklines sparql
sparse spatial spawn spawner spdx speak speaker speakers spec special specialize species specific specification
specifier spectate spectrogram spectrometer spectrum speculative speech speed spell spelling spherical sphinx spi
spike spikes spin spinnaker spinner spiral split splitext splits splitter splunk sponsor sponsored spool sport
sports spot spotify spotlight spread spring springboot sprinkler sprint sprints sprite sqlalchemy sqs square squash
squashed srange sre srt sse ssg ssh ssm sso ssr stabilization stabilize stable stacks stackset staff staged stages
stagger staging stair staking stall stamina stamp stamps standardize standby standup star starlette starred stars
start starter starters starts startswith starttag starttls startup stash stat state statefulset station statistic
statistics stats statsd statute stay stdlib steady steal steer stem stemming stencil step stepper steps stereo
sticker stickers sticky stitch stl stmt stock stocks stomp stop stopping stopwatch storage storageclass store
stories storm story storyboard storybook str strace straighten stranded strategies strategy streak streaks stream
streaming streamline streamlit streams street strength stress stretch strict strike stringify strip stripe stroke
strong strptime strtobool structure structured sts stub studio study stuff styled stylelint styles stylus
subclasscheck subclasshook subgraph subject submission submits submodule submodules subnet subordinate subscribed
subscriber subscribers subscript subscriptions subset subst substitute substitution substrings subtask subtest
subtitle subtitles subtotal subtract subtype subway success successful sudo suggest suggested suggestion
suggestions suite sum summaries summarize summarized summary sun sunburst sunday sunrise sunset supabase supervised
supervisor supplier support suppress surface surround survey surveys survival survivor suse suspend suspended
suspicious svc svelte svg swap swapped swarm swc sweep swf swift swig swim swimlane swipe swiped switch switched
switcher sycl symbolic symfony symlink symmetric synapse sync synced synchronization syncs synonyms syntax synth
synthesis synthesizer sys sysctl systemctl tab table tablet tabpage tabs tactile tag tagged tagging tags tail
tailor tailwind taint taints take taken takeover talk tampered tap taps tarball target targeting targets tariff
task taskbar tax taxonomy tcp tdd tde teacher teal team teamcity teams tear teardown technical tee tekton telegraf
telegram telehealth telemetry teleport telescope tell temp tempdir temperature template templates tempo tenant
tension tensor tensorboard tensorrt tenured terminal terminals terminator terms ternary terraform terragrunt
terrain territory test testcase tester testers testing tex textract texture tf thai thanos thaw theater theme
themes theming theory thermometer thermostat thesaurus theta thing thread threadpool throttling through throughput
thu thumb thumbnail thumbnails thursday ticker ticket tickets tide tidy tie tier tiers tiff tiktok tile tilemap
tiles tiling tilt timedelta timelapse timelimiter timeline timelines timer timers timescale timesheet timestamp
timetable timetuple timezone timing tinker tint tiny tip tips tissue title titles titration tld tls tmp tmpdir
toast toasts toc today todo todos tofu together toggle toggled toggles token tokenizer tokenizers toleration tomcat
tone tones toolbar toolbars toolbox toolchain toolkit tooltip tooltips top topic topics topology total totp touch
touched tour tournament tours tpot tps tracer tracing track tracked tracker tracking tracks tractor trade trademark
trades trading traefik traffic trail train trained trainer training trainings trait tram transcode transcoder
transcribe transcription transcripts transfer transformation transformer transformers transforms transient transit
transition transitive translate translated translation translations translator transmitter transparency transparent
transpiler transpose trap trash travel traversable traversal travis tray treasure treasury treble tree treemap
trello trend trending trends triage trial trials triangle triangulate tribe trick triggered triggers trim trimmed
trino trip triple triplet trips triton trivial trivy trophies trophy truediv truncation trust trusted truthful
truthfulqa truthy tsan tsv ttf ttft ttl tty tue tuesday tune tuned tuner tuning tunnel turbo turborepo turn turtle
tutor tutorial tutorials tutoring tweak tweaks twilio twin twitter typeahead typed typeddict typename typeorm
typescript typesense typevar typevars typevartuple typing typography tz tzname uart ubsan ubuntu udp ui uk uname
unarchive unary unassign unbind unblock unblocked unbounded uncheck uncomment uncommitted uncordon undecidable
undelete underlying underscore undertow underwriting undirected undo unescape unfold unfollow ungroup unhashable
unicorn unification uniform unify unindent uninstall union uniq unit units universal universe unlink unloader
unlock unlocked unmanaged unmask unmute unnamed unordered unparse unpin unprocessed unpublish unquote unread
unreadline unredirected unreliable unreserved unresolvable unrewindable unsafe unsatisfiable unsatisfied unseal
unselect unset unshare unsigned unsorted unstable unsubscribe unsubscribed unsupervised unsync untag untrusted
untyped unverified unwrap unzip updater updates upgrade upgraded upgrades uploader uploads upper upscale upscaler
upsell upsert uptime urlsafe us usability usable usage usb usd usdz used useful userinfo utcoffset util utilities
utilization utm uv uvicorn uwsgi ux vacation vacuum vagrant valgrind validation validator validity valkey valuable
value valve varargs variance variant variants vars vat vault vcf vcpkg vcs vector velocity vendor vendors vent
verbose verbosity vercel verification verified verifier verify versioning versus vertex vertical vespa vfx viable
vibrance vibrate vibration video videos view viewed viewer viewers views viewshed vignette vim vineyard vintage
vinyl violin virtual visibility visible vision visit visited visitor visits visual visualization visualize
visualizer vitals vite vitest vllm vlog vm vmstat vmware vocab vocabulary voice voiceover voices void volatile
volcano voltage volume volumes vote voted votes voting voxel voyage vpc vpn vr vsync vtt vue vulkan vulnerabilities
vulnerability waf waiter waitlist wake wakeup wal walk walking walkthrough wall wallet wallpaper wallpapers walrus
wandb war warehouse warm warmup warn warned warning warp wash washer wasm watch watchdog watched watcher watching
watchlist water watermark watershed wau wav wave waveform waves waypoint wc weak wealth weapon wearable weather
weave weaviate web webauthn webcam webengine webgl webgpu webhook webhooks webinar webinars webm webp webpack
webrtc website websites websockets wed wednesday week weekday weekly weeks weight weights welcome west wfs wheel
whisper white whiteboard whitespace whl whole widen widget widgets wifi wiki wikis wildcard wildfire win wind
window windowed windows windsurf winogrande wire wireframe wireless wiring wishlist withdrawal witness wizard
wizards wms wmts word wordcloud words wordwrap work workaround workbench workflows workforce workload workloads
workout workouts works workshop workshops workspace workspaces workstation world worlds worth wrangler wrap wrapped
wrapper wrist writeframes writeframesraw writelines writes writing wsgi xapi xargs xl xla xlsx xor xp xpath xr xray
xs xsd xss xxl xz yank yarn year yearly years yellow yield yoga youtube zabbix zapier zen zendesk zero zeromq zeta
zigbee zipinfo zipkin zmq zone zoning zookeeper zoom zoomed zsh zst zwave
"""

WORDS = frozenset(_TEXT.split())
