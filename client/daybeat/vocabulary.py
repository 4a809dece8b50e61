"""Closed vocabularies of the privacy rules: units, platforms, exception types, words. Data alone, no rules.

A list is one string of words between spaces, so that a review reads it as it reads prose.
"""

from __future__ import annotations

import sys


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


#: Units of observations. What is none of these is sent as "1".
UNITS = _words(
    "1 % ns us ms s min h d wk mo a ks cs ds Hz kHz MHz GHz rpm bpm fps bit kbit Mbit Gbit Kibit Mibit",
    "Gibit By kBy MBy GBy TBy KiBy MiBy GiBy TiBy B KB kB MB GB TB PB KiB MiB GiB TiB PiB bit/s kbit/s",
    "Mbit/s Gbit/s bps kbps Mbps Gbps By/s B/s KB/s kB/s MB/s GB/s KiB/s MiB/s GiB/s 1/s 1/min 1/h req/s",
    "ops/s tokens/s token/s events/s messages/s rows/s tok/s it/s requests/s samples/s frames/s K Cel",
    "degF deg rad m mm cm km um nm g kg mg l ml V mV A mA W mW kW MW J kJ kWh Wh Pa kPa hPa bar dB px pt",
    "em dpi percent ratio count counts number total score level index bytes bits kilobytes megabytes",
    "gigabytes nanosecond microsecond millisecond second minute hour day week month year nanoseconds",
    "microseconds milliseconds seconds minutes hours days weeks months years sec secs msec usec nsec mins",
    "hrs hr token tokens request requests response responses error errors event events call calls",
    "operation operations op ops item items row rows record records file files page pages word words char",
    "chars character characters line lines message messages query queries chunk chunks step steps",
    "iteration iterations epoch epochs batch batches task tasks job jobs worker workers thread threads",
    "process processes connection connections session sessions user users agent agents retry retries",
    "attempt attempts hit hits miss misses failure failures success successes byte kilobyte megabyte",
    "gigabyte cycles cycle instructions packets packet frames frame samples sample node nodes edge edges",
    "vector vectors embedding embeddings dimension dimensions layer layers turn turns document documents",
    "image images test tests commit commits cell cells column columns table tables core cores cpu object",
    "objects element elements entry entries cent cents USD EUR GBP JPY CNY usd eur credits credit point",
    "points pixel pixels result results round rounds run runs {request} {token} {error} {event} {call}",
    "{operation} {item} {connection} {thread} {process} {packet} {count} {requests} {tokens} {errors}",
    "{events} {calls} {operations} {items} {message} {messages} {row} {rows} {fault}",
)

FAMILIES = _words(
    "Linux Darwin Windows FreeBSD OpenBSD NetBSD DragonFly SunOS AIX HP-UX Haiku Java iOS iPadOS Android",
    "Emscripten WASI",
)
FAMILIES |= {"CYGWIN", "MSYS", "MINGW"}

MACHINES = _words(
    "x86_64 amd64 AMD64 x64 x86 i386 i486 i586 i686 arm64 ARM64 aarch64 aarch64_be arm armv5tel armv5tejl",
    "armv6l armv7 armv7l armv7a armv8l armv8b armhf armel ppc ppc64 ppc64le ppcle powerpc s390 s390x",
    "riscv32 riscv64 loongarch64 mips mips64 mips64el mipsel mipsle sparc sparc64 sun4u sun4v alpha ia64",
    "hppa parisc parisc64 m68k sh4 e2k wasm32 wasm64 evbarm macppc amd64p32 arm64e",
)

IMPLEMENTATIONS = _words(
    "CPython PyPy GraalVM Jython IronPython MicroPython CircuitPython Pyston RustPython Stackless Brython",
    "Pyodide",
)

#: The same as `sys.implementation.name` has them.
RUNTIMES = frozenset(name.lower() for name in IMPLEMENTATIONS) | {"graalpy"}

#: The fixed keys of a product's system facts, beside `libraries.<product>`.
LIBRARIES = ("libraries.pytest", "libraries.ipython", "libraries.colab")

#: Exception types of the standard library, 3.11 to 3.14, by bare name. Generated once by walking every module of it.
STDLIB_TYPES = _words(
    "AbsoluteLinkError AbsolutePathError AddressValueError AmbiguousOptionError ArgumentError",
    "ArgumentTypeError AuthenticationError BadGzipFile BadOptionError BadStatusLine BadZipFile BdbQuit",
    "BoundaryError BrokenBarrierError BrokenExecutor BrokenInterpreterPool BrokenProcessPool",
    "BrokenThreadPool BufferTooShort CCompilerError CalledProcessError CancelledError CannotSendHeader",
    "CannotSendRequest CharsetError Clamped ClassFoundException CloseBoundaryNotFoundDefect",
    "CodecRegistryError CompileError CompressionError ContentTooShortError ConversionError",
    "ConversionSyntax CookieError CycleError DOMException DataError DatabaseError DecimalException",
    "DistutilsArgError DistutilsByteCompileError DistutilsClassError DistutilsError DistutilsExecError",
    "DistutilsFileError DistutilsGetoptError DistutilsInternalError DistutilsModuleError",
    "DistutilsOptionError DistutilsPlatformError DistutilsSetupError DistutilsTemplateError",
    "DivisionByZero DivisionImpossible DivisionUndefined DocTestFailure DomstringSizeErr",
    "DuplicateOptionError DuplicateSectionError EOFHeaderError Empty EmptyHeaderError EndOfBlock Error",
    "ErrorDuringImport ExecError ExecutionFailed ExitNow ExpatError ExternalClashError ExtractError",
    "FatalIncludeError Fault FilterError FirstHeaderLineIsContinuationDefect FloatOperation FormatError",
    "FrozenInstanceError Full GetPassWarning GetoptError HTTPError HTTPException HeaderDefect HeaderError",
    "HeaderMissingRequiredValue HeaderParseError HeaderWriteError HierarchyRequestErr IllegalMonthError",
    "IllegalWeekdayError ImproperConnectionState Incomplete IncompleteRead IncompleteReadError",
    "IndexSizeErr Inexact IntegrityError InterfaceError InternalError InterpolationDepthError",
    "InterpolationError InterpolationMissingOptionError InterpolationSyntaxError InterpreterError",
    "InterpreterNotFoundError InuseAttributeErr InvalidAccessErr InvalidBase64CharactersDefect",
    "InvalidBase64LengthDefect InvalidBase64PaddingDefect InvalidCharacterErr InvalidContext",
    "InvalidDateDefect InvalidFileException InvalidHeaderDefect InvalidHeaderError InvalidModificationErr",
    "InvalidMultipartContentTransferEncodingDefect InvalidOperation InvalidSpecError InvalidStateErr",
    "InvalidStateError InvalidTZPathWarning InvalidURL ItemInterpreterDestroyed JSONDecodeError LZMAError",
    "LargeZipFile LibError LimitOverrunError LimitedRecursiveIncludeError LineTooLong LinkError",
    "LinkFallbackError LinkOutsideDestinationError LoadError MaybeEncodingError MessageDefect",
    "MessageError MessageParseError MisplacedEnvelopeHeaderDefect MissingHeaderBodySeparatorDefect",
    "MissingSectionHeaderError MultilineContinuationError MultipartConversionError",
    "MultipartInvariantViolationDefect NNTPDataError NNTPError NNTPPermanentError NNTPProtocolError",
    "NNTPReplyError NNTPTemporaryError NamespaceErr NannyNag NetmaskValueError NetrcParseError",
    "NoBoundaryInMultipartDefect NoDataAllowedErr NoModificationAllowedErr NoOptionError NoSectionError",
    "NoSuchMailboxError NonASCIILocalPartDefect NonPrintableDefect NotConnected NotEmptyError NotFoundErr",
    "NotShareableError NotSupportedErr NotSupportedError OSSAudioError ObsoleteHeaderDefect",
    "OperationalError OptParseError OptionConflictError OptionError OptionValueError",
    "OutsideDestinationError Overflow PackageNotFoundError ParseError ParseEscape ParsingError",
    "PickleError PicklingError PreprocessError ProcessError ProgrammingError ProtocolError PyCompileError",
    "QueueEmpty QueueError QueueFull QueueNotFoundError QueueShutDown ReadError ReentrantCallError",
    "RegistryError RemoteDisconnected RemoteError RemoteTraceback ResponseError ResponseNotReady Restart",
    "Rounded SAXException SAXNotRecognizedException SAXNotSupportedException SAXParseException",
    "SAXReaderNotAvailable SMTPAuthenticationError SMTPConnectError SMTPDataError SMTPException",
    "SMTPHeloError SMTPNotSupportedError SMTPRecipientsRefused SMTPResponseException SMTPSenderRefused",
    "SMTPServerDisconnected SSLCertVerificationError SSLEOFError SSLError SSLSyscallError",
    "SSLWantReadError SSLWantWriteError SSLZeroReturnError SameFileError SendfileNotAvailableError",
    "ShutDown SkipTest SpecialFileError StartBoundaryNotFoundDefect StatisticsError StopTokenizing",
    "StreamError Subnormal SubprocessError SubsequentHeaderError SyntaxErr TOMLDecodeError TarError",
    "TclError TimeoutError TimeoutExpired TokenError TruncatedHeaderError URLError UndecodableBytesDefect",
    "Underflow UnexpectedException UnimplementedFileMode UnknownFileError UnknownProtocol",
    "UnknownTransferEncoding UnpicklingError UnsafeMailcapInput UnsupportedDigestmodError",
    "UnsupportedOperation UnsupportedTimeZoneError ValidationErr WSGIWarning WrongDocumentErr ZipAppError",
    "ZipImportError ZoneInfoNotFoundError ZstdError error error_perm error_proto error_reply error_temp",
    "gaierror herror itimer_error timeout",
)

#: The top-level modules of the standard library: of the Python that runs this, and those that came or went since 3.11.
STDLIB_MODULES = frozenset(sys.stdlib_module_names) | _words(
    "aifc annotationlib asynchat asyncore audioop cgi cgitb chunk compression crypt distutils imghdr imp",
    "lib2to3 mailcap msilib nis nntplib ossaudiodev pathlib pipes smtpd sndhdr spwd string sunau",
    "telnetlib uu xdrlib",
)

#: Exceptions among the builtins of other Pythons than the one that runs this.
OTHER_BUILTINS = _words(
    "PythonFinalizationError WindowsError EncodingWarning BaseExceptionGroup ExceptionGroup",
    "EnvironmentError IOError",
)

# --- words in names ------------------------------------------------------------------------------------------------

#: What a name may not say unless it was declared in full: as words, and as the beginning or end of compounds.
RISKY_PARTS = (
    "path", "filename", "prompt", "query", "text", "document", "content", "url", "email", "token", "secret", "key",
    "password", "passwd", "passphrase", "passcode", "credential", "username", "pwd",
)  # fmt: skip

#: The like, as whole words, and as two neighbours run together (`first-name`, `i-ban`).
RISKY_WORDS = _words(
    "paths keys urls tokens secrets prompts queries texts documents contents emails filenames passwords",
    "credentials usernames uri uris href cred creds mail mailto emailaddress mailaddress ipaddress ipaddr",
    "macaddress streetaddress homeaddress postaladdress postcode zipcode phone phones phonenumber",
    "telephone mobilenumber cellphone faxnumber whatsapp fax tel ssn iban swiftcode bic dob birthday",
    "birthdate birthplace dateofbirth passport passportnumber nationalid taxid socialsecurity creditcard",
    "cardnumber cvv cvc ccv sortcode accountnumber bankaccount routingnumber licenseplate driverslicense",
    "vin firstname lastname middlename surname fullname realname nickname forename maidenname givenname",
    "familyname personname clientname customername displayname legalname screenname loginname patientname",
    "vorname nachname employee patient diagnosis salary religion ethnicity gender nationality",
    "medicalrecord healthrecord snippet sourcecode codeblock transcript conversation utterance verbatim",
    "clipboard keystroke keystrokes privkey pubkey idrsa rsakey sshkey pgp gpg pem jwt bearer otp totp",
    "mfacode seedphrase mnemonic recoverycode sessionid sessid phpsessid jsessionid cookie cookies csrf",
    "xsrf apikey apikeys accesskey secretkey authheader authtoken passwort kennwort geheim geheimnis",
    "motdepasse contrasena clave senha wachtwoord parool losenord salasana heslo haslo sifre lozinka",
    "jelszo parola parol pasahitza adgangskode passord geslo parole pass passes passkey passkeys pathname",
    "filepath filepaths dirname folderpath workdir homedir cwd hostname hostnames userhome appdata",
    "localappdata programdata macbook imac thinkpad passe hunter letmein qwerty qwertz azerty iloveyou asdf",
    "asdfgh zxcvbn changeme trustno correcthorse",
)

#: Compounds and words that only look risky.
BENIGN = _words(
    "keyboard keyboards keyword keywords monkey monkeys monkeypatch hotkey hotkeys donkey turkey turkish",
    "hockey jockey whiskey whisky keynote keynotes keypad keymap keymaps keypoint keypoints keyframe",
    "keyframes keystone keypress keyup keydown keying keyed keyless turnkey lackey smokey tokenizer",
    "tokenizers tokenize tokenized tokenizing tokenization tokenise detokenize tokenizes context contexts",
    "contextual contextualize contextvar contextvars contextlib contextmanager subcontext pretext",
    "hypertext texture textures textured textile textiles textual textblob textwrap secretary secretariat",
    "documentary documentation pathology pathological pathogen pathway pathways pathfinder pathfinding",
    "pathlib sympathy empathy telepathy apathy xpath jsonpath pathos osteopath psychopath curl hurl furl",
    "sankey burl unfurl curling hurling purl contention contentious contented discontent malcontent prompting",
    "prompted promptly promptflow queryset queryable email2 mailchimp mailbox mailgun urllib urllib3",
    "urlopen purlin burlap queryselector contentful documentdb textfield bigquery textarea textbox",
    "textinput texteditor textclassification textgeneration richtext subtext urlparse urlencode",
)

#: Numbers that are parts of names everywhere.
KNOWN_NUMBERS = _words(
    "1252 2119 3080 3090 3339 3857 4080 4090 4326 5090 8601 8859 9001 27001",
    "1000 1024 1080 1440 1536 2048 2160 3072 4096 4320 8000 8080 8192 8443 16384 32768 65536 2015 2016",
    "2017 2018 2019 2020 2021 2022 2023 2024 2025 2026 2027 2028 2029 2030",
)

#: Words with digits in them that name a thing.
KNOWN_MIXED = _words(
    "k8s k3s i18n l10n a11y g11n o11y e2e b2b b2c p2p c2c n8n s2i t2i i2i i2t t2v s2s c4ai x86 x64 x86_64",
    "aarch64 amd64 arm64 i386 i486 i586 i686 armv7l ppc64le s390x riscv64 mips64 win32 win64 mp3 mp4 h264",
    "h265 x264 x265 av1 vp8 vp9 aac3 g711 g722 opus48 utf8 utf16 utf32 iso8601 iso8859 cp1252 rfc822",
    "rfc2822 rfc3339 rfc5424 rfc6238 rfc7231 rfc7519 rfc8259 rfc9110 latin1 ucs2 ucs4 base16 base32",
    "base36 base58 base62 base64 base85 base91 ascii85 md2 md4 md5 sha0 sha1 sha2 sha3 sha224 sha256",
    "sha384 sha512 blake2 blake2b blake2s blake3 crc8 crc16 crc32 crc32c crc64 xxh32 xxh64 xxh3 xxhash64",
    "murmur3 ed25519 ed448 x25519 x448 p256 p384 p521 secp256k1 rs256 rs512 es256 es384 hs256 hs512",
    "aes128 aes192 aes256 chacha20 poly1305 rc4 des3 rsa2048 rsa4096 argon2 argon2id argon2i pbkdf2",
    "bcrypt2 http1 http2 http3 http11 h2c ipv4 ipv6 ip4 ip6 oauth1 oauth2 saml2 tls1 tls12 tls13 sslv3",
    "socks4 socks5 ssh2 imap4 pop3 nfs4 smb2 smb3 wifi6 ws2 rs232 rs485 i2c usb2 usb3 m2m d2c log4j slf4j",
    "neo4j py2 py3 pypy3 py27 py36 py37 py38 py39 py310 py311 py312 py313 py314 py315 python2 python3",
    "cp39 cp310 cp311 cp312 cp313 cp314 cpython3 abi3 es5 es6 es2015 es2017 es2018 es2019 es2020 es2021",
    "es2022 es2023 es2024 html4 html5 css2 css3 xhtml1 c89 c99 c11 c17 c23 cpp11 cpp14 cpp17 cpp20 cpp23",
    "f77 f90 dotnet6 dotnet8 web2 web3 web5 u8 u16 u32 u64 i8 i16 i32 i64 f16 f32 f64 f8 int2 int4 int8",
    "int16 int32 int64 int128 uint8 uint16 uint32 uint64 float8 float16 float32 float64 fp4 fp8 fp16 fp32",
    "fp64 bf16 tf32 nf4 bfloat16 w4a16 w8a8 q2k q3k q4k q5k q6k q80 q4 q5 q8 bm25 tfidf2 gpt2 gpt3 gpt35",
    "gpt4 gpt4o gpt4v gpt5 o1 o3 o4 llama2 llama3 llama4 qwen2 qwen3 phi2 phi3 phi4 gemma2 gemma3",
    "mixtral8x7b 8x7b 8x22b 7x8b t5 flan5 bge3 e5 k2 dalle2 dalle3 sd15 sdxl1 sd3 sd35 wav2vec wav2vec2",
    "word2vec doc2vec node2vec seq2seq text2sql nl2sql sql2text img2img txt2img text2image image2text",
    "speech2text text2speech pix2pix mesh2d r2d2 yolo5 yolov5 yolov7 yolov8 yolov9 yolov10 yolo11",
    "resnet18 resnet34 resnet50 resnet101 resnet152 vgg16 vgg19 vit16 u2net x3d 3d 2d 4d 2fa 3fa 1d 4k 8k",
    "5g 4g 3g 6g 802 s3 ec2 gs2 r2 c7g m5 t3 t4g p4d g5 a10g a100 h100 h200 b200 l40s l4 v100 t4 p100 k80",
    "rtx3090 rtx4090 gtx1080 v4l2 exif2 jpeg2000 jp2 webm2 mpeg2 mpeg4 bz2 p7zip 7z 7zip lz4 zstd1 gz9",
    "w3c d3 d3js p5js three3d es3 gl3 opengl3 vulkan1 dx9 dx11 dx12 directx12 sqlite3 mysql8 pg14 pg15",
    "pg16 pg17 postgres14 postgres15 postgres16 redis6 redis7 psycopg2 psycopg3 boto3 urllib3 jinja2",
    "httplib2 pydantic2 pyqt5 pyqt6 pyside2 pyside6 qt4 qt5 qt6 gtk3 gtk4 h5py hdf5 netcdf4 pandas2 tf1",
    "tf2 keras3 torch2 cuda11 cuda12 cu118 cu121 cu124 rocm5 rocm6 sm80 sm90 avx2 avx512 sse2 sse3 sse4",
    "neon64 rv32 rv64 macos11 macos12 macos13 macos14 macos15 windows7 windows8 windows10 windows11 win7",
    "win8 win10 win11 ubuntu20 ubuntu22 ubuntu24 debian11 debian12 el7 el8 el9 rhel7 rhel8 rhel9 fedora40",
    "node16 node18 node20 node22 go118 java8 java11 java17 java21 jdk8 jdk11 jdk17 jdk21 scala2 scala3",
    "ruby3 php7 php8 vue2 vue3 angular2 next13 next14 react18 react19 rust2021 ctr2 top1 top3 top5 top10",
    "top100 p0 p1 p5 p10 p25 p50 p75 p90 p95 p98 p99 p999 p9999 q1 q2 q3 f1 r1 rouge1 rouge2 bleu4 pass1",
    "recall10 ndcg10 mrr10 l1 l2 l3 2xx 3xx 4xx 5xx 1xx level1 level2 1st 2nd 3rd 0x 2x 3x 4x 5x 10x 100x",
    "s3fs ext4 xfs5 fat32 ntfs3 exfat2 o2 ja3 ja4 c2pa r53 route53 1password openid2 s4hana f5 3ds x509",
    "x500 x11 x12 edi850 mt940 iso20022 hl7 icd10 3gpp u2f fido2 webauthn2 vs2019 vs2022 vs2026 office365",
    "pb2 480p 720p 1080p 1440p 2160p",
    "k3d k9s v8js wifi6e hdr10 log4j2",
    "4o bzip2 bzip3 socks4a v1beta1 v1beta2 v2beta1 v2beta2 v1alpha1 v2alpha1 inet6 lib2to3 p4 m2m",
    "f2py gb2312 gb18030 wgs84 ean8 ean13 yaml12 gsm8k h2d d2h d2d 2to3 py2app m365 o365 dynamics365 d365 sap4",
    "s1 e1",
)

#: Words after which a number of two or three digits is a version, a size or a place in a row.
NUMBERED = _words(
    "v ver version since r rev rc alpha beta pre post dev release python py cpython pypy cp pip node go golang",
    "java jdk jre ruby php perl rust scala swift kotlin dotnet net core clang gcc llvm msvc glibc musl",
    "sha md crc aes rsa ec p q f b w d h k l m n t x s c i u int uint float fp bf tf base utf http https",
    "tls ssl ip ipv rfc iso pep port code status error exit step stage phase part chapter lesson level",
    "day week section module unit exercise tutorial example demo case test task job run batch page tab",
    "slide row col column line layer block shard partition replica worker thread gpu cpu top best max min",
    "size len dim width height depth rank epoch iter iteration round retry attempt slot channel bucket",
    "window gpt claude llama gemini mistral mixtral qwen phi gemma yi falcon bert roberta opus sonnet",
    "haiku deepseek grok command titan nova resnet vgg yolo vit efficientnet whisper sd sdxl flux dalle",
    "clip bge minilm e mpnet cuda cu rocm sm avx sse win windows macos osx darwin ios android ubuntu",
    "debian fedora rhel centos alpine suse linux kernel postgres postgresql pg mysql mariadb redis mongo",
    "mongodb sqlite kafka elasticsearch opensearch spark hadoop hive airflow django flask fastapi",
    "pydantic react vue angular qt gtk tk torch tensorflow keras numpy pandas es html css vp mp mpeg g",
    "bit bits qos az zone east west north south central region us eu ap ca sa me af quiz option variant",
    "experiment exp group arm plan tier feature flag issue question a ubuntu22 schema migration api spec",
    "web db app server lua",
    "draft build month quarter year hour minute sec ms kb mb gb chrome firefox safari edge chromium electron",
)

#: Words that a number of up to four digits follows: standards, and tables of characters.
STANDARDS = _words(
    "rfc iso iec ieee cp pep ecma ietf bcp std fips nist cve cwe ansi din jis pkcs vt ss vc win vs es",
    "ppc r sm rtx gtx kz hp",
)

#: Units that follow a number without a space: `70b`, `32k`, `500ms`.
AFTER_NUMBER = _words(
    "d k m b g t x s h o v w p c f q st nd rd th ms us ns kb mb gb tb kib mib gib hz khz mhz ghz px fps",
    "bit bits min mins sec secs hr hrs day days wk dim dims way pass shot core cores gpu cpu kbps mbps",
    "gbps col cols row rows step steps up to in of plus pct percent bpm rpm dpi it",
)

#: Addresses begin so; a feature is called `https-only`, with less behind it.
SCHEMES = _words("https wss ftps sftp amqps amqp rediss ldaps smtps imaps mongodb mysqls otpauth jdbc")

#: Names of hosts end in these, and names of features do not.
HOST_TAILS = _words(
    "com org edu gov mil biz museum aero onion arpa localdomain intranet",
)

#: Names of hosts end in these, and so do names of features: only as a segment after one that says something else.
SHORT_TAILS = _words(
    "io ai dev app me co uk us de fr it es pt nl be at ch se no dk fi pl cz sk hu ro bg gr ru ua by lt lv",
    "ee tr il ir sa ae eg za ng ke in pk bd lk np cn hk tw jp kr vn th id my sg ph au nz ca mx br ar cl",
    "pe eu coop asia tv cc ws fm gg sh to ly xyz online site store shop cloud tech page web net name local",
    "home info lan internal corp",
)

#: Names of machines in somebody's network end in these, whatever they begin with.
LOCAL_TAILS = _words("local lan internal corp")

#: Before a short tail these say that it is none: `disk.io`, `run.dev`, `lang.de`.
BEFORE_TAIL = _words(
    "disk file files async std stream network net socket block audio gpio console mmap direct buffered",
    "raw fs storage db run serve server start build deploy install env mode test publish release setup",
    "init lang language languages locale locales translate translation translator from to i18n l10n",
    "speech voice tts stt asr ocr detect spell spelling keyboard country region zone market currency",
    "feature features cli command generative gen conversational open web mobile desktop native custom",
    "chat agent agents hybrid go enter home page index check log login sign opt plug add built drill zoom",
    "step as into or if and export import upload download parse save load generate convert preview create",
    "report excel word powerpoint read write count rate latency wait time error errors sync queue cpu gpu",
    "memory mem",
)

MAIL_PROVIDERS = _words(
    "gmail googlemail yahoo ymail hotmail outlook live msn icloud aol gmx web proton protonmail tutanota",
    "mail yandex rambler naver daum hanmail qq sina sohu foxmail orange wanadoo free laposte libero",
    "virgilio tiscali alice seznam wp onet interia fastmail zoho hey posteo mailbox comcast verizon",
    "example",
)

#: Words of people speaking, which names of features do without.
SPEECH = _words(
    "my your yours mine you he she his her hers him we our ours they them their theirs please dear",
    "bonjour hola thanks thank sincerely regards im ive dont cant wont didnt youre whats ich mein meine",
    "dein bitte mon votre sil merci mi tu su por gracias",
)

NUMBER_WORDS = _words(
    "zero one two three four five six seven eight nine oh ten eleven twelve null eins zwei drei vier funf",
    "sechs sieben acht neun un deux trois quatre cinq sept huit neuf uno dos tres cuatro cinco seis siete",
    "ocho nueve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty",
    "seventy eighty ninety hundred double triple first second third fourth fifth sixth seventh eighth ninth",
    "tenth eleventh twelfth bravo charlie foxtrot hotel india juliet",
    "juliett kilo lima mike november oscar papa quebec romeo",
    "sierra tango uniform victor whiskey xray yankee zulu alpha alfa echo golf",
)

#: Words that begin a secret of some vendor, alone between their separators.
SECRET_STARTS = _words(
    "ghp gho ghu ghs ghr gsk sk1 akia asia4 aiza shpat shpca shppa shpss whsec pmak tvly xapp glpat glrt",
    "gldt dckr nvapi lsv2",
)

#: The same, run together with what follows.
LONG_SECRET_STARTS = (
    "xoxa", "xoxb", "xoxc", "xoxd", "xoxe", "xoxp", "xoxr", "xoxs", "akia", "aiza", "eyj", "ya29", "glpat", "shpat",
    "whsec", "nvapi",
)  # fmt: skip

#: Two neighbours that begin a secret of some vendor, a statement of SQL, or a path, or that orders to a model have.
FORBIDDEN_PAIRS = _words(
    "rm_rf import_os import_sys from_import drop_database def_main def_init sudo_rm curl_http or_1 eval_exec",
    "chmod_777 select_all public_class public_static private_static private_final static_void static_final const_char",
    "sk_live sk_test sk_proj sk_ant sk_or sk_svcacct sk_lf pk_live pk_test pk_lf rk_live rk_test",
    "github_pat dop_v1 doo_v1 dor_v1 hf_oauth sq_atp key_live key_test bearer_token authorization_basic",
    "authorization_bearer rsa_private begin_rsa begin_private begin_openssh begin_certificate ssh_rsa",
    "ssh_ed25519 id_rsa id_ed25519 id_ecdsa id_dsa aws_secret insert_into delete_from drop_table",
    "union_select alter_table truncate_table c_users d_users mnt_c documents_settings var_log var_lib",
    "var_www var_run usr_local usr_bin usr_lib usr_share dev_null dev_shm proc_self etc_shadow etc_passwd",
    "etc_hosts run_media previous_instructions prior_instructions above_instructions earlier_instructions",
)

#: Words longer, or odder, than a word may be, that name a thing all the same.
LONG_WORDS = _words(
    "internationalization internationalisation conversationalretrieval deserialization containerization",
    "misconfiguration hyperparameteroptimization retrievalaugmentedgeneration multiprocessing",
    "telecommunications strings scripts sprints springs stretch strength lengths xgboost lightgbm",
    "catboost sqlalchemy huggingface jqxz pgvector sqlmodel zxing kubectl mkdtemp vscode jupyterlab",
    "ipywidgets httpclient httpserver httpsredirect zmqstream persistentvolumeclaim replicationcontroller",
)

#: Directories that paths begin with, and nothing else does: three words that begin so are a path.
ROOTS = _words("opt srv mnt etc tmp var usr volumes root appdata onedrive dropbox")

#: The same, of which features have their names too: a path with something behind them that no list knows.
PLACES = _words("home users media private documents desktop downloads file")

#: Of these, those that are no English word: they end the name of a host after a dash as well.
COUNTRY_TAILS = _words(
    "uk de fr es pt nl ch se dk fi pl cz hu ro bg gr ru ua lt lv ee il ae ng ke pk bd lk np cn hk tw jp",
    "kr vn ph au nz mx br cl pe eu cc no be it at",
)

#: Names of files end in these, after the name of what is in them.
FILE_TAILS = _words(
    "docx xlsx pptx odt ods txt rtf pst eml msg kdbx pem ppk p12 pfx",
)

MONTHS = _words(
    "january february march april may june july august september october november december",
    "jan feb mar apr jun jul aug sep sept oct nov dec",
)

#: The class of an illness stands behind these: `dx-g17`.
DIAGNOSES = _words("dx diagnosis diagnose icd icd10")

#: Names of programs' files end in these, and names of features do, too: they count behind a word that no list knows.
CODE_TAILS = _words(
    "py pyc ipynb js ts jsx tsx go rs rb php java kt swift cpp cs sh bat sql db csv tsv json jsonl yaml yml toml ini",
    "env cfg conf log md pdf doc xls ppt html xml zip tar gz png jpg jpeg gif svg mp3 mp4 wav",
)

#: Somebody's name stands behind these.
TITLES = _words("mr mrs miss dr prof herr frau madame monsieur senor senora signor signora pan pani sir madam")

#: The same, when the two words behind are known by no list.
PEOPLE = _words("user customer patient employee member student subscriber guest contact candidate applicant tenant")

#: What no name of four words ends with.
DANGLING = _words("for of about with and or the an from that because")

#: Sayings that names of features borrow.
IDIOMS = _words(
    "human-in-the-loop out-of-the-box state-of-the-art end-of-the-day over-the-air on-the-fly",
    "behind-the-scenes bring-your-own save-the-date under-the-hood pay-as-you-go man-in-the-middle",
    "peek-of-the-day tip-of-the-day around-the-clock one-on-one fill-in-the-blank follow-the-sun",
)

#: Letters are choices after these.
BEFORE_A = _words(
    "option variant group plan type grade class vitamin test series choice arm path bucket cohort version",
    "model tier phase ab",
)

#: Words that sentences are held together by.
GRAMMAR = _words(
    "the a an of in on for to with from by about is are was were be been has have had do does did will",
    "would should could that this these those which who whom what when where why how and or but because",
    "so if then than there here not no into between after before during while me us following",
)

#: What has a number of its own in somebody's files: with two digits or more behind it, it is somebody's.
NUMBERED_IN_FILES = _words(
    "user usr username acct acc account cust customer patient member employee student subscriber tenant sess session",
    "sid uid uuid guid id inv invoice txn tx transaction ticket mrn ssn serial imei msisdn tel fax booking apt",
    "apartment ref room seat locker badge box suite flat ward bed passport",
)

#: With a number beside them, a place where somebody lives.
STREETS = _words("street avenue ave boulevard blvd road strasse gasse rue calle piazza avenida rua ulica straat laan")

#: Pieces of code, queries, paths and addresses: two of them run together in one long word are no name.
TELLTALES = (
    *("select", "delete", "insert", "update", "drop", "truncate", "alter", "from", "where", "into", "table"),
    *("users", "customers", "orders", "accounts", "values", "import", "system", "subprocess", "eval", "exec", "lambda"),
    *("return", "console", "function", "home", "desktop", "downloads", "documents", "library", "users", "root", "var"),
    *("etc", "passwd", "shadow", "ssh", "rsa", "log", "example", "gmail", "yahoo", "hotmail", "outlook", "localhost"),
)
#: What long words of a language hardly ever end with.
TELLTALE_ENDS = ("com", "txt", "docx", "xlsx", "pptx", "gmbh")

#: Words of two letters that names of types have.
SHORT_WORDS = _words(
    "pv io os db id ui ip ci cd ai ml no of in on to up is or s3 at by do if it go vm tx rx ok ws fs dm mq kv",
)

KNOWN = KNOWN_MIXED | KNOWN_NUMBERS
