"""Closed vocabularies of scrubbed text: words of error messages, public packages, exception types. Data alone."""

from __future__ import annotations

from . import lexicon


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


def _phrases(*lines: str) -> frozenset[str]:
    return frozenset(phrase.strip() for line in lines for phrase in line.split(",") if phrase.strip())


#: Words that say what went wrong. A run of known words is kept only if it has one of these.
ANCHORS = _words(
    "abort aborted aborting absent already ambiguous bad blocked broken busy cancel canceled cancelled",
    "cannot can't clash closed collision conflict conflicting conflicts corrupt corrupted couldn't crash",
    "crashed cyclic deadlock declined denied deprecated deserialize didn't disabled disallowed",
    "disconnected doesn't don't duplicate duplicated empty error errors exceed exceeded exceeds exception",
    "exceptions exhausted expected expired fail failed failing fails failure failures fatal forbidden",
    "hasn't illegal immutable impossible inaccessible incompatible incomplete inconsistent incorrect",
    "insufficient interrupted invalid isn't killed lost malformed mismatch mismatched misconfigured",
    "missing mustn't nonexistent not overflow overflowed prohibited refused reject rejected required",
    "requires reset rolled shouldn't stale stopped stuck terminated throttled timeout timed truncated",
    "unable unauthorized unauthenticated unavailable unbound uncaught undefined undeclared underflow",
    "unexpected unexpectedly unfinished unhandled unimplemented uninitialized unknown unmatched",
    "unpicklable unreachable unreadable unrecognized unresolved unserializable unspecified unsupported",
    "unterminated unused unusable unwritable violated violates violation wasn't weren't wrong without no",
    "never too unsuccessful rollback must mandatory needs needed panic segfault warning warnings exit",
    "exited fault leak leaked limit retries",
)

#: What stands around them: the grammar of messages, and the things that programs are made of.
WORDS = ANCHORS | _words(
    # grammar
    "a an the of in on at to for from by with into onto over under after before between during within while",
    "when where if unless until",
    "because since as than then and or but nor both either neither only also just yet still again is are",
    "was were be been being has have",
    "had does do did done can could should would might it its this that these those there which what whose",
    "same such other another each",
    "every all any some most least more less many much few several one two first second last next previous",
    "least exactly at-least via per",
    "out off up down back here instead got get gets given giving found find set sets use used uses using",
    "make made put let see check checked",
    # verbs of programs
    "accept accepted access accessed acquire acquired add added allocate allocated allow allowed append",
    "applied apply assign assigned attach",
    "attempt attempted attempting authenticate authorize await awaited begin bind bound build built cache",
    "cached call called calling cast change",
    "changed cleanup clear close closing commit compare compile compiled complete completed compute",
    "configure configured connect connected",
    "connecting consume consumed contain contained contains continue convert converted converting copied",
    "copy create created creating decode",
    "decoded decoding decompress decrypt define defined delete deleted deploy dequeue destroyed detach",
    "detect detected disconnect dispatch",
    "download downloaded encode encoded encoding encrypt end ended enqueue enter establish established",
    "evaluate exceeds execute executed",
    "executing exist existing exists expand expose extend extract fetch fetched fetching fill finalize",
    "finalized finish finished flush flushed fork",
    "format formatted forward generate generated handle handled handling hash hold ignore ignored implement",
    "implemented import imported importing",
    "include included increment index indexed inherit init initialize initialized insert inserted install",
    "installed instantiate interpolate",
    "invoke invoked iterate join joined launch leave listen listening load loaded loading locate lock",
    "locked login logout lookup map mapped match",
    "matched matches matching merge migrate modified modify mount move moved mutate named normalize obtain",
    "occurred omitted open opened opening",
    "operate overlap overridden override overwrite pack parse parsed parsing pass passed patch perform",
    "pickle poll pop prepare print process",
    "processed processing produce provide provided publish pull push query queued raise raised read reading",
    "receive received receiving recognize",
    "reconnect recover redirect reduce refer referenced refresh register registered release released reload",
    "remain remaining remove removed",
    "rename renamed render repeat replace replaced reply report request requested reserve resize resolve",
    "resolved respond restart restore",
    "resume retry retrying return returned returns rewind run running save saved scan schedule scheduled",
    "seek select send sending sent serialize",
    "serialized serve setup share shut shutdown skip skipped sort spawn specified specify split start",
    "started starting stop store stored submit",
    "submitted subscribe succeed succeeded supplied supply support supported swap switch sync synchronize",
    "terminate throw transfer transform translate",
    "trigger truncate try trying unlock unpack unregister update updated upgrade upload uploaded validate",
    "validated validating verify wait",
    "waited waiting wrap write writing written yield",
    # things
    "absolute abstract account accessor action active adapter address agent agents alias allocation alpha",
    "api app application arg argument arguments args array",
    "assertion assignment async attribute attributes authentication authorization auth axis backend",
    "bandwidth base batch binary bit bits block body bool boolean",
    "boundary branch broker buffer build bytes byte callable callback calls capacity cell cells certificate",
    "chain chained channel char character characters",
    "child children chunk chunks class classes client clock cluster code codec collection column columns",
    "command component compression concurrency",
    "condition config configuration connection connections constant constraint constructor consumer",
    "container content context control conversion cookie",
    "core coroutine count counter current cursor cycle daemon data database dataset date deadline",
    "declaration decorator default definition dependencies dependency",
    "depth descriptor destination device dict dictionary dimension dimensions directory disk domain driver",
    "duration edge element elements embedding encoder engine",
    "entries entry enum environment epoch event events executor expression extension extra factory feature",
    "field fields file filename files filesystem filter",
    "flag float folder foreign frame framework function functions future gateway generator global graph",
    "group handler handshake header headers heap",
    "height hook host identifier image implementation inheritance initialization input inputs instance",
    "instances instruction int integer interface internal",
    "interpreter interval invalid iterable iteration iterator item items job jobs json key keys keyword",
    "kwargs label lambda language layer layout",
    "length level library line lines link list listener literal local log logger logging loop main manager",
    "mapping max maximum media member memory",
    "message messages metadata method methods migration min minimum mode model models modifier module",
    "modules mutex name names namespace negative nested",
    "network node nodes non null number numbers object objects offset operand operands operation operations",
    "operator option optional options order",
    "origin output outside package packages packet page parameter parameters params parent parser part",
    "partial path paths pattern payload peer pending",
    "permission permissions permitted pipe pipeline plugin pointer policy pool port position positional",
    "positive precision prefix primary procedure processes producer",
    "product profile program project promise property protocol provider proxy public python quota queue",
    "range rank rate ratio raw reader readonly",
    "reason record records recursion recursive reference region registry regular relation relative remote",
    "replica repository requests resource resources",
    "response responses result results role root route router row rows rule runtime sample scalar schema",
    "scheduler scheme scope script section segment",
    "selector semaphore sequence serializer series server service services session sessions setting",
    "settings shape shard shared shell signal signature",
    "single singleton size sized slice slot snapshot socket source space stack stage standard state",
    "statement states static status step storage stream",
    "string strings struct structure style subclass subprocess subscription suffix super symbol syntax",
    "system tab table tables tag target task tasks template",
    "tensor term test tests text thread threads threshold throughput time timer timezone title token tokens",
    "tool tools trace traceback",
    "transaction transport tree tuple tuples type types unicode unique unit unpacking upstream url usage",
    "user users utf utility valid value values variable variables",
    "vector vectors version versions view virtual volume weight width window windows worker workers",
    "workflow workspace writer zero zone",
    "asynchronous synchronous concurrent parallel remote temporary permanent explicit implicit existing",
    "available accessible writable readable hashable",
    "iterable subscriptable callable serializable scriptable picklable empty full large small long short",
    "high low greater equal equals lesser longer",
    "shorter larger smaller bigger higher lower older newer new old early late currently directly currently",
    "internally externally successfully properly correctly",
    "literally unconditionally manually automatically possible possibly maybe likely about above below near",
    "else otherwise however though although hence therefore",
    "ascii utc gmt ssl tls http https tcp udp dns api cpu gpu ram cuda sql xml html csv yaml toml ini pdf",
    "zip gzip tar utf-8 utf-16 latin-1 stdin stdout stderr",
    "eof io os pid fd uid gid id ids uuid uri csrf cors jwt oauth rpc grpc rest graphql websocket mqtt amqp",
    "redis kafka postgres postgresql mysql sqlite mongodb",
    "json jsonl parquet numpy pandas torch tensorflow docker kubernetes git pip conda npm node linux macos",
    "windows unix posix",
)

#: Words with capitals, exact: constants, formats, systems.
PROPER = _words(
    "None True False NaN NoneType JSON HTTP HTTPS URL URI SSL TLS TCP UDP DNS API CPU GPU RAM CUDA SQL",
    "XML HTML CSV YAML TOML PDF ZIP UTF-8 UTF-16 ASCII Unicode UTC EOF IO I/O OS PID ID UUID CSRF CORS",
    "RPC GRPC REST GraphQL WebSocket Redis Kafka Postgres PostgreSQL MySQL SQLite MongoDB Docker",
    "Kubernetes Git Python CPython Linux Windows Errno SIGTERM SIGKILL SIGINT SIGSEGV ENOENT EACCES EPERM",
    "ECONNREFUSED ECONNRESET ETIMEDOUT EPIPE EAGAIN EBUSY EEXIST EINVAL EMFILE ENOMEM ENOSPC GET POST PUT",
    "DELETE PATCH HEAD OPTIONS OK WinError LLM MCP",
)

#: Python's own types as its messages quote them, with builtin functions and methods that they name with `()`.
TYPE_NAMES = _words(
    "int str float list dict tuple set frozenset bool bytes bytearray complex object type NoneType",
    "function method module range slice property generator coroutine async_generator",
    "builtin_function_or_method ellipsis memoryview code frame traceback cell mappingproxy dict_keys",
    "dict_values dict_items zip map filter enumerate reversed iterator iter next len open print super",
    "isinstance issubclass getattr setattr hasattr delattr abs sum min max sorted round repr hash ord chr",
    "__init__ __new__ __call__ __iter__ __next__ __enter__ __exit__ __aenter__ __aexit__ __getitem__",
    "__setitem__ __len__ __str__ __repr__ __hash__ __eq__ __lt__ datetime date timedelta Decimal Path",
    "PosixPath WindowsPath OrderedDict defaultdict deque Counter ndarray DataFrame Series Tensor utf-8",
    "utf-16 ascii latin-1 cp1252 utf8 charmap utf_8 = == != < > <= >= + - * / // % ** & | ^ ~ << >> += -=",
    "{ } [ ] ( ) : , . ; @ ->",
)

#: Packages whose frames are public: named by their module's path.
PACKAGES = _words(
    "aiobotocore aiofiles aiohttp aiokafka aiomysql aiopg aioredis aiosqlite airflow alembic altair amqp",
    "annotated_types ansible anthropic anyio apscheduler arrow asgiref asyncpg attr attrs authlib autogen",
    "azure babel backoff bcrypt beautifulsoup4 billiard black blinker boto3 botocore bottle bs4",
    "cachetools cattrs celery certifi cffi channels charset_normalizer cherrypy chromadb click",
    "cloudpickle cohere colorama confluent_kafka coverage crewai croniter cryptography cssselect cv2",
    "cython dagster dask databases databricks dateutil dbt decorator deepdiff defusedxml deprecated",
    "diffusers dill distributed django dns docker docutils dotenv dspy duckdb ecdsa elasticsearch",
    "email_validator evaluate exceptiongroup execnet fabric factory faiss faker falcon fakeredis fastapi",
    "fastavro fastmcp filelock fire flask flask_cors flask_login flask_sqlalchemy flatbuffers frozenlist",
    "fsspec gcsfs geopandas gevent git google graphene graphql greenlet grpc gunicorn h11 h2 h5py",
    "haystack hatchling hpack httpcore httptools httpx httpx_sse huggingface_hub humanize hydra",
    "hyperframe hypercorn hypothesis idna imageio importlib_metadata importlib_resources iniconfig",
    "instructor invoke IPython ipykernel ipywidgets itsdangerous jax jedi jinja2 jiter jmespath joblib",
    "jose jsonpatch jsonpickle jsonschema jupyter_client jupyter_core jupyter_server jupyterlab jwt kafka",
    "keras kombu kubernetes langchain langchain_anthropic langchain_community langchain_core",
    "langchain_openai langfuse langgraph langsmith libcst lightgbm lightning litellm litestar llama_cpp",
    "llama_index llvmlite loguru lxml lz4 mako markdown markdown_it markupsafe marshmallow matplotlib mcp",
    "milvus mlflow mongoengine more_itertools motor mpmath msal msgpack msgspec multidict mypy mypyc",
    "mysql nacl nbconvert nbformat neo4j nest_asyncio networkx nltk notebook nox numba numexpr numpy oauthlib",
    "ollama omegaconf onnx onnxruntime openai openpyxl opensearchpy opentelemetry optuna orjson outlines",
    "packaging pandas paramiko parso passlib pathspec patsy peewee peft pendulum pexpect PIL pinecone pip",
    "pkg_resources platformdirs playwright plotly pluggy polars poetry portalocker posthog prefect",
    "prometheus_client prompt_toolkit propcache proto psutil psycopg psycopg2 ptyprocess pulsar py",
    "pyarrow pyasn1 pycparser pydantic pydantic_ai pydantic_core pydantic_settings pyglet pygments",
    "pymongo pymysql pynacl pyodbc pyparsing pypdf pyproj pyramid pytest pytest_asyncio pytorch_lightning",
    "pytz pywintypes qdrant_client quart rapidfuzz ray redis redshift_connector referencing regex",
    "reportlab requests requests_oauthlib responses retry rich rich_click robotframework rpds rq rsa",
    "ruamel s3fs s3transfer safetensors sanic scapy scipy scrapy seaborn selenium sentence_transformers",
    "sentry_sdk setuptools shapely shellingham simplejson six sklearn slack_sdk slowapi smart_open",
    "smolagents sniffio snowflake sortedcontainers soupsieve spacy sphinx sqlalchemy sqlglot sqlmodel",
    "sqlparse sse_starlette starlette statsmodels streamlit strawberry stripe structlog sympy tabulate",
    "telegram tenacity tensorboard tensorflow textual thinc threadpoolctl tiktoken timm tokenizers toml",
    "tomli tomlkit toolz torch torchaudio torchvision tornado tox tqdm traitlets transformers trio trl",
    "truststore twisted typeguard typer typing_extensions tzdata tzlocal ujson unstructured urllib3",
    "uvicorn uvloop validators virtualenv vllm waitress wandb watchdog watchfiles wcwidth weasyprint",
    "weaviate webob websocket websockets werkzeug wheel wrapt wtforms xarray xgboost xlrd xlsxwriter yaml",
    "yarl zeep zipp zmq zope zstandard _pytest _cffi_backend daybeat daybeatd openinference mycelium",
    "idun_agent_engine google_auth google_crc32c crewai_tools haystack_experimental adk gradio",
    "gradio_client sqlite_utils textblob html5lib bleach",
)

#: Exception types of public packages, by bare name.
PUBLIC_TYPES = _words(
    "HTTPStatusError RequestError TransportError ConnectError ConnectTimeout ReadTimeout WriteTimeout",
    "PoolTimeout NetworkError ReadError WriteError CloseError ProxyError UnsupportedProtocol",
    "LocalProtocolError RemoteProtocolError DecodingError TooManyRedirects InvalidURL InvalidSchema",
    "MissingSchema ChunkedEncodingError ContentDecodingError RequestException RetryError MaxRetryError",
    "NewConnectionError NameResolutionError IncompleteRead ClientError BotoCoreError",
    "EndpointConnectionError NoRegionError ParamValidationError ClientConnectionError",
    "ClientConnectorError ClientOSError ClientResponseError ServerDisconnectedError ServerTimeoutError",
    "ContentTypeError WSServerHandshakeError ValidationError PydanticUserError",
    "PydanticSchemaGenerationError SQLAlchemyError StatementError DBAPIError NoResultFound",
    "MultipleResultsFound InvalidRequestError ArgumentError UniqueViolation ForeignKeyViolation",
    "NotNullViolation UndefinedTable UndefinedColumn DeadlockDetected SerializationFailure PostgresError",
    "ObjectDoesNotExist DoesNotExist MultipleObjectsReturned ImproperlyConfigured SuspiciousOperation",
    "PermissionDenied Http404 FieldError FieldDoesNotExist AppRegistryNotReady TemplateDoesNotExist",
    "TemplateSyntaxError TemplateNotFound UndefinedError BadRequest NotFound MethodNotAllowed Conflict",
    "Gone Forbidden InternalServerError BadGateway ServiceUnavailable GatewayTimeout UnprocessableEntity",
    "HTTPException WebSocketDisconnect RequestValidationError ResponseValidationError BadRequestError",
    "NotFoundError ConflictError UnprocessableEntityError RateLimitError APIError APIStatusError",
    "APIConnectionError APITimeoutError APIResponseValidationError OverloadedError",
    "ContextWindowExceededError ContentPolicyViolationError OutputParserException GraphRecursionError",
    "InvalidUpdateError NodeInterrupt GraphInterrupt EmptyInputError ToolException LinAlgError AxisError",
    "ComplexWarning MergeError EmptyDataError ParserError OutOfBoundsDatetime DtypeWarning",
    "SettingWithCopyError SettingWithCopyWarning PerformanceWarning NotFittedError ConvergenceWarning",
    "DataConversionWarning OutOfMemoryError ResourceExhaustedError InvalidArgumentError",
    "FailedPreconditionError UnimplementedError DataLossError RpcError AioRpcError RedisError",
    "ResponseError WatchError ClusterError KafkaError KafkaTimeoutError NoBrokersAvailable AMQPError",
    "AMQPConnectionError ChannelClosed ConnectionClosed ConnectionClosedError ConnectionClosedOK",
    "InvalidHandshake InvalidStatus InvalidMessage PyMongoError ServerSelectionTimeoutError",
    "DuplicateKeyError BulkWriteError AutoReconnect WriteConflict YAMLError ScannerError ConstructorError",
    "ComposerError ReaderError ClickException UsageError BadParameter MissingParameter NoSuchOption",
    "BadOptionUsage BadArgumentUsage Abort Exit MaxRetriesExceeded MaxRetriesExceededError",
    "SoftTimeLimitExceeded TimeLimitExceeded WorkerLostError NotRegistered Reject Ignore Retry",
    "InvalidTokenError ExpiredSignatureError InvalidSignatureError DecodeError InvalidSignature",
    "InvalidTag InvalidKey AlreadyFinalized UnsupportedAlgorithm NoSuchProcess AccessDenied ZombieProcess",
    "ZMQError ZMQBindError Again ContextTerminated NotDone UnpackValueError ExtraData FormatError",
    "StackError BufferFull OutOfData PackException UnpackException ConfigError SolverProblemError",
    "InvalidVersion InvalidSpecifier InvalidRequirement ResolutionImpossible InstallationError",
    "NotebookClient CellExecutionError DeadKernelError GitCommandError InvalidGitRepositoryError",
    "NoSuchPathError DockerException ImageNotFound ContainerError BuildError ApiException ConfigException",
    "WebDriverException NoSuchElementException StaleElementReferenceException TimeoutException",
    "ElementNotInteractableException UnidentifiedImageError DecompressionBombError PyperclipException",
    "HfHubHTTPError RepositoryNotFoundError EntryNotFoundError RevisionNotFoundError GatedRepoError",
    "LocalEntryNotFoundError TokenizationError BrokenWorkerProcess BrokenResourceError",
    "ClosedResourceError EndOfStream WouldBlock BusyResourceError DelimiterNotFound NurseryError",
    "Cancelled TooSlowError ToolError McpError FailedHealthCheck Unsatisfiable Flaky InvalidArgument",
    "DeadlineExceeded OutcomeException Failed Skipped XFailed PytestUnraisableExceptionWarning",
    "PytestWarning InsecureRequestWarning NotOpenSSLWarning",
)

#: Words of which an exception type's name may be put together, beside those of messages.
TYPE_WORDS = WORDS | lexicon.WORDS

#: Latin letters that other scripts and styles draw alike.
HOMOGLYPHS = str.maketrans(
    "аАвВеЕкКмМнНоОрРсСтТуУхХіІїЇјЈѕЅԁԛԝһɡıΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεικνορτυχϲ∕⁄⧸＼∶։․‐‑‒–—―−",  # noqa: RUF001
    "aAbBeEkKmMhHoOpPcCtTyYxXiIiIjJsSdqwhgiABEZHIKMNOPTYXaBeiKvopTuXc///\\::.-------",
)

#: Anchors that need company, because people say them too: these two words together say that something went wrong.
ANCHOR_PAIRS = frozenset(
    tuple(phrase.split())
    for phrase in _phrases(
        "already closed, already defined, already exists, already in, already open, already registered,",
        "already running, already started, are required, exit code, exit status, expected at, has no,",
        "is closed, is empty, is full, is locked, is required, limit exceeded, limit reached,",
        "missing required, must be, must contain, must have, must match, must not, needs to, never awaited,",
        "never retrieved, no active, no attribute, no current, no default, no matching, no module,",
        "no response, no route, no running, no space, no such, not a, not accessible, not allowed, not an,",
        "not available, not be, not bound, not callable, not connect, not connected, not convert,",
        "not decode, not defined, not enough, not exist, not found, not hashable, not implemented,",
        "not import, not in, not initialized, not installed, not iterable, not load, not match, not open,",
        "not parse, not permitted, not read, not readable, not ready, not recognized, not registered,",
        "not resolve, not running, not serializable, not set, not subscriptable, not support, not supported,",
        "not valid, not writable, not write, out of, requires at, retries exceeded, takes no, too big,",
        "too deep, too few, too high, too large, too long, too low, too many, too short, too small,",
        "was closed, was empty, without required",
    )
)

WEAK_ANCHORS = _words(
    "not no never without too must need needs needed empty exit exited limit already unused absent",
    "requires required expected retries cancel abort reset stopped closed wrong bad broken busy lost",
    "undefined deprecated mandatory stuck blocked conflict conflicts leak fault killed disabled reject",
    "isn't doesn't don't didn't wasn't weren't hasn't couldn't shouldn't mustn't can't cannot error",
    "errors warning warnings fail missing locked invalid duplicate unknown",
)

#: A clause that begins so is an order, a question or a line of code, not a message.
NOT_A_MESSAGE = _words(
    "write create generate make give tell show explain describe summarize translate rewrite fix refactor",
    "implement add remove delete find list build help improve convert change update compare analyze",
    "analyse review check optimize draft compose suggest provide extract use let get set put run call",
    "open close read print return def class import from raise except finally lambda yield async await",
    "with for while if elif assert global nonlocal del pass break continue select insert alter drop grant",
    "truncate merge begin how what why who whose when where which can could would should will is are was",
    "were do does did has have had i we you he she they my your please export function const var public",
    "private static void include handle test try replace rename move copy send save load parse format",
    "sort filter map reduce apply design plan schedule book remind order buy cancel search query store",
    "fetch render resolve validate verify ensure debug investigate look see go think imagine act pretend",
    "ignore forget remember repeat answer",
)

#: Ends of a clause that was said by or to a person.
PERSONS = _words(
    "i i'm i've i'd me my mine you your yours you're we our ours us he him his she her hers they them",
    "their please thanks thank sorry hi hello dear",
)

#: Words that are also names of people: never with a capital.
NAMES_TOO = _words(
    "max page field long short root base case port rank will mark bill may rose grace frank art pat price",
    "hall young hope faith grant chase wade",
)

#: Whole clauses that Python and its systems say, which need no other word to show that they are messages.
PHRASES = _phrases(
    "address already in use, argument list too long, bad file descriptor, bad gateway, bad request,",
    "broken pipe, cannot allocate memory, cannot schedule new futures after shutdown,",
    "certificate verify failed, connection aborted, connection closed, connection error,",
    "connection lost, connection refused, connection reset by peer, connection timed out,",
    "cuda out of memory, database is locked, device or resource busy,",
    "dictionary changed size during iteration, directory not empty, division by zero, error,",
    "float floor division by zero, integer modulo by zero, unhashable type,",
    "event loop is closed, exec format error, expected an indented block,",
    "expecting property name enclosed in double quotes, expecting value, extra data, failed,",
    "file exists, float division by zero, forbidden, gateway timeout, generator already executing,",
    "host is down, index out of range, input/output error, integer division or modulo by zero,",
    "internal server error, invalid argument, invalid syntax, is a directory,",
    "list assignment index out of range, list index out of range, math domain error, math range error,",
    "max retries exceeded with url, maximum recursion depth exceeded in comparison, method not allowed,",
    "name or service not known, network error, network is unreachable, no child processes,",
    "no route to host, no running event loop, no space left on device, no such file or directory,",
    "no such process, nodename nor servname provided, none, not a directory, not found, not known, null,",
    "operation not permitted, operation timed out, out of memory, permission denied,",
    "pop from an empty deque, pop from an empty set, pop from empty list, rate limit exceeded,",
    "read error, read operation timed out, read timed out, read-only file system,",
    "resource temporarily unavailable, service unavailable, set changed size during iteration,",
    "stop iteration, string index out of range, string pattern on a bytes-like object,",
    "temporary failure in name resolution, test error, the read operation timed out,",
    "the write operation timed out, timed out, timeout, too many open files, too many requests,",
    "tuple index out of range, unauthorized, unexpected eof while parsing, unexpected error,",
    "unexpected indent, unindent does not match any outer indentation level, unknown error,",
    "unterminated string literal, write error",
)
WORDS |= {"reach", "reached", "cause", "caused", "relevant", "insert"}
WORDS |= frozenset(word for phrase in PHRASES for word in phrase.split())

#: Words of which the name of a function may be put together that is not of a public package.
CODE_WORDS = TYPE_WORDS | _words(
    "myfile myapp processor settings manage conftest app apps server client cli web core common base my file",
    "aenter aexit aiter anext async asyncio bulk bench benchmark cb cfg checkpoint ci cleanup cmd collate",
    "ctx cur debug dec decide demo deserialize desc df diff dir do doc dump each embed emit enqueue",
    "ensure entrypoint env eq err eval ex exc fake fib fixture fmt fn foo bar baz func gather gen getattr",
    "getitem go guard handle helper hello idx impl inc infer info ingest inner inspect io ipc iter kill",
    "kw lint listen lt ls main memo middleware mock msg multi nested nop np num obj on outer pd plan post",
    "postprocess pre predict prefetch preprocess proc prompt ps ptr qs query rag recurse ref repl repo",
    "req res rerank ret rpc sample sanitize search self setattr setitem setup shuffle side sleep spec sql",
    "src stats str stub sub subtask summarize sum tail teardown tick tokenize toplevel train transform",
    "traverse tx txn unit util utils val vec visit walk warm work workflow wrap wrapper wsgi asgi x y z i",
    "j k n f g h a b c divide multiply compute calculate fibonacci factorial boom explode crash fails",
    "broken level leaf deep deeper first second third caller callee one two three four five orchestrate",
    "coordinate discover delegate tools agent agents graph crew chain retriever completion completions",
    "chat stream streaming llm model dispatch invoke ainvoke arun astream acall order orders cart",
    "checkout payment invoice product products price upload uploads download downloads login logout",
    "signup register auth token tokens users user account accounts customer",
)

#: After these the first word of a message was a noun, or it began with `Could not`.
AFTER_A_NOUN = _words("not error errors timed timeout failed failure index of to operation limit at object has is")

#: A clause that begins so is code, a question or a wish, whatever follows.
CODE_STARTS = _words(
    "return if for while def class import from raise except try else elif lambda yield print del pass const let var",
    "how what why who whose need want",
)
