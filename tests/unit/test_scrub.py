"""Messages and traces: what stays, what goes, and that hostile ones are quick."""

from __future__ import annotations

import traceback

import pytest

from daybeat import scrub


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Invalid input in module.py", "Invalid input in module.py"),
        ("Failed to connect", "Failed to connect"),
        ("Error for user john.doe@example.com in file.py", "Error for user <email> in file.py"),
        ("Cannot read /home/jane/secret/file.txt", "Cannot read <user>/<path>"),
        ("Invalid value in /home/jane/file.py", "Invalid value in <user>/file.py"),
        ("Cannot read C:\\Users\\Jane\\file.txt", "Cannot read <user>/<path>"),
        ("[Errno 2] No such file or directory: '/srv/x.txt'", "[Errno <number>] No such file or directory: <path>"),
        ("Connection to 10.0.0.1:8080 timed out", "Connection to <ip> timed out"),
        ("Connection to [2001:db8::1]:80 timed out", "Connection to <ip> timed out"),
        ("Cannot open postgresql://jane:hunter2@db/x", "Cannot open <url>"),
        ("name 'jane' is not defined", "name <redacted> is not defined"),
        ("'NoneType' object has no attribute 'jane'", "'NoneType' object has no attribute <redacted>"),
        ("No module named 'jane'", "No module named <redacted>"),
        ("invalid literal for int() with base 10: 'x'", "invalid literal for int() with base <number>: <redacted>"),
        ("Could not connect to server", "Could not connect to server"),
        ("division by zero", "division by zero"),
        ("list index out of range", "list index out of range"),
        ("in\u200bvalid inp\u00adut", "invalid input"),
        ("jane%40example.com failed", "<email> failed"),
        ("%25252501jane failed", "<redacted> failed"),
        ("missing 550e8400-e29b-41d4-a716-446655440000", "missing <uuid>"),
        ("unknown amFuZUBleGFtcGxlLmNvbQ==", "unknown <email>"),
        ("syntax error in line 75, column 3", "syntax error in line 75, column <number>"),
        ("line 07498 853305 is not known", "line <number> is not known"),
        ("line (20) 7946 0018 is not available", "line <number>) <number> is not available"),
        ("line 555 line 123 line 4567 is invalid", "line 555 line <number> line <number> is invalid"),
        ("", ""),
    ],
)
def test_messages(text: str, expected: str) -> None:
    assert scrub.message(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Write a SQL query that returns all users without an order",
        "Please fix the failing test",
        "Why is this value invalid?",
        "I cannot open the file",
        "How to handle timeout error in python async function",
        "Need to find all users without a valid license",
        "The function fails when input is empty, make it return an error instead",
        "return error if not found else None",
        "Patient Jane Doe has HIV",
        "Jane Doe",
        "correct horse battery staple",
    ],
)
def test_orders_questions_code_and_people_are_no_messages(text: str) -> None:
    assert scrub.message(text) == "<redacted>"


def test_declared_words_stay() -> None:
    assert scrub.message("Failed to reach qdrant", frozenset({"qdrant"})) == "Failed to reach qdrant"


def test_a_trace_keeps_types_and_frames() -> None:
    trace = r"""Traceback (most recent call last):
  File "/home/jane/proj/main.py", line 42, in run
    process("/home/jane/taxes")
    ^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "C:\Users\jane\venv\Lib\site-packages\httpx\_client.py", line 1012, in _send_handling_redirects
    raise
  File "/usr/lib/python3.11/asyncio/base_events.py", line 650, in run_until_complete
  File "/Users/jane/jane_notes.py", line 3, in jane_helper
  File "/opt/acme/worker.py", line 7, in zorblatt
  File "<frozen importlib._bootstrap>", line 1027, in _find_and_load
  [Previous line repeated 995 more times]
FileNotFoundError: [Errno 2] No such file or directory: '/home/jane/secret.txt'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "<stdin>", line 1, in <module>
acme.errors.JaneDoeError: password is hunter2
a second line: jane
"""
    assert scrub.traceback(trace).split("\n") == [
        "Traceback (most recent call last):",
        '  File "<user>/main.py", line 42, in run',
        '  File "httpx/_client.py", line 1012, in _send_handling_redirects',
        '  File "asyncio/base_events.py", line 650, in run_until_complete',
        '  File "<user>/<path>", line 3, in <redacted>',
        '  File "worker.py", line 7, in <redacted>',
        '  File "<frozen importlib._bootstrap>", line 1027, in _find_and_load',
        "  [Previous line repeated 995 more times]",
        "FileNotFoundError: [Errno <number>] No such file or directory: <path>",
        "During handling of the above exception, another exception occurred:",
        "Traceback (most recent call last):",
        '  File "<stdin>", line 1, in <module>',
        "OtherError: <redacted>",
    ]


def test_a_group_keeps_its_types() -> None:
    try:
        raise ExceptionGroup("of jane", [ValueError("jane"), ExceptionGroup("x", [KeyError("jane")])])
    except ExceptionGroup:
        lines = scrub.traceback(traceback.format_exc()).split("\n")
    assert [line.partition(":")[0] for line in lines if not line.startswith("  ")][1:] == [
        "ExceptionGroup",
        "ValueError",
        "ExceptionGroup",
        "KeyError",
    ]
    assert "jane" not in "".join(lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('File "/home/user/project/file.py", line 42, in function', '  File "<user>/file.py", line 42, in function'),
        ("File test.py, line 1", '  File "test.py", line 1'),
        ('File "myapp/module.py", line 42...', '  File "module.py", line 42'),
        ("OSError: [Errno 9] Bad file descriptor", "OSError: [Errno <number>] Bad file descriptor"),
        ("TypeError: unhashable type: 'list'", "TypeError: unhashable type: 'list'"),
        ("TypeError: unhashable type: 'Jane'", "TypeError: unhashable type: <redacted>"),
        ("ValueError: jane", "ValueError: <redacted>"),
        ("CacheQuotaExceededError: jane", "CacheQuotaExceededError: <redacted>"),
        ('File "/site-packages/httpx/pugor_sivex_zezex.py", line 5, in f', '  File "<path>", line 5, in f'),
        ('File "/site-packages/httpx/a.py", line 4155552671, in f', ""),
        ('File "/site-packages/httpx/a.py", line 5, in select_a_from_b', '  File "httpx/a.py", line 5, in <redacted>'),
        ('File "/site-packages/httpx/a.py", line 5, in is_your_name_x', '  File "httpx/a.py", line 5, in <redacted>'),
        ("Es0049323947263234091699Error: jane", ""),
        ("March181949Error: jane", ""),
        ("password: hunter2", ""),
        ("what jane said", ""),
        ("", ""),
    ],
)
def test_traces_of_other_kinds(text: str, expected: str) -> None:
    assert scrub.traceback(text) == expected


def test_a_long_trace_keeps_its_end() -> None:
    deep = "".join(f'  File "/home/jane/main.py", line {i}, in run\n' for i in range(1, 900))
    reduced = scrub.traceback(
        "Traceback (most recent call last):\n" + deep + "RecursionError: maximum recursion depth exceeded"
    )
    assert len(reduced) <= scrub.MAX_TRACE
    assert reduced.endswith("RecursionError: maximum recursion depth exceeded")


PUBLIC = [
    ("/usr/lib/python3.11/json/decoder.py", "json/decoder.py"),
    ("/usr/lib/python3.12/concurrent/futures/thread.py", "concurrent/futures/thread.py"),
    ("/opt/homebrew/lib/python3.13/asyncio/runners.py", "asyncio/runners.py"),
    ("/Library/Frameworks/Python.framework/Versions/3.11/lib/python3.11/ssl.py", "ssl.py"),
    ("/root/.pyenv/versions/3.11.7/lib/python3.11/json/decoder.py", "json/decoder.py"),
    (r"C:\Python311\Lib\socket.py", "socket.py"),
    (r"C:\hostedtoolcache\windows\Python\3.11.9\x64\lib\json\decoder.py", "json/decoder.py"),
    (r"C:\Users\jane\anaconda3\lib\json\decoder.py", "json/decoder.py"),
    ("/home/jane/.venv/lib/python3.11/site-packages/httpx/_client.py", "httpx/_client.py"),
    ("/home/jane/.venv/lib/python3.11/site-packages/sqlalchemy/engine/default.py", "sqlalchemy/engine/default.py"),
    ("/usr/lib/python3/dist-packages/requests/adapters.py", "requests/adapters.py"),
    ("/x/site-packages/langchain_core/runnables/base.py", "langchain_core/runnables/base.py"),
    ("/x/site-packages/pydantic/_internal/_model_construction.py", "pydantic/_internal/_model_construction.py"),
    ("/x/site-packages/django/core/handlers/exception.py", "django/core/handlers/exception.py"),
    ("/x/site-packages/typing_extensions.py", "typing_extensions.py"),
]


@pytest.mark.parametrize(("path", "shown"), PUBLIC)
def test_public_packages_are_named_by_their_modules_path(path: str, shown: str) -> None:
    assert scrub.traceback(f'File "{path}", line 3, in _call_impl') == f'  File "{shown}", line 3, in _call_impl'


def test_a_package_nobody_knows_is_a_file_name() -> None:
    trace = 'File "/home/jane/.venv/lib/python3.11/site-packages/zorblatt/deep/x.py", line 3, in zorblatt'
    assert scrub.traceback(trace) == '  File "<user>/x.py", line 3, in <redacted>'


@pytest.mark.parametrize(
    "path",
    [
        "/home/jane/globex/lib/email/merger_letters/render.py",
        r"C:\Users\jane\Documents\lib\code\merger\render.py",
        "/home/jane/lib/python/email/merger/render.py",
    ],
)
def test_a_directory_that_is_called_as_one_of_pythons_own_is_anybodys(path: str) -> None:
    assert scrub.traceback(f'File "{path}", line 3, in zorblatt') == '  File "<user>/render.py", line 3, in <redacted>'


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("KzcgKDkyMCkgNDA3LTkzLTk4", False),
        ("GEZCAYLPYO5XIIBRHEZDI", False),
        ("gizsaylpyo5xiibrheydc", False),
        ("DESKTOP7BJNFPE", False),
        ("yPweH60RVQL4", False),
        ("my_module2", True),
        ("31pag_q4dhx_wehqv_qelly_fcdkj", False),
        ("desktop_4swawrv", False),
        ("explain_the_merger_to_globex", False),
        ("update_users_where_id_77", False),
        ("user_query", True),
        ("test_api_tokens", True),
        ("__init__", True),
        ("MainWindow", True),
        ("any_pb2", True),
    ],
)
def test_a_private_file_is_named_if_it_is_named_as_code_is(name: str, shown: bool) -> None:
    place = f"<user>/{name}.py" if shown else "<user>/<path>"
    assert scrub.traceback(f'File "/home/jane/{name}.py", line 3') == f'  File "{place}", line 3'


HOSTILE = [
    "a",
    "'",
    "' '",
    "%41",
    "%25",
    "&amp;",
    "\ufdfa",
    "a\u200b",
    ": ",
    "/",
    "\\",
    'File "',
    "\n",
    "invalid ",
    "a.",
    "1.",
    "ab:",
]
HOSTILE += [
    "QUJD",
    "@",
    "| ",
    "+-",
    "\\u0041",
    "not found ",
    "/home/",
    "(",
    "`a ",
    'File "a", line 1, in ',
    "~",
    "<",
    "=" * 3,
]


@pytest.mark.timeout(20)  # against explosions: 50 ms are usual
@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_comes_to_an_end(piece: str) -> None:
    text = (piece * 16384)[:16384]
    said, traced = scrub.message(text), scrub.traceback(text)
    assert len(said) <= 200
    assert len(traced) <= scrub.MAX_TRACE
