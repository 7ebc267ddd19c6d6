"""A server on loopback that speaks the Messages API, and does wrong what it is told to do wrong.

    with MessagesServer() as server:
        server.on(error(529), say("hello"), role="reviewer")
        …                                     # the first call fails, the second is answered
        server.assert_complete()

Rules are looked at in the order they were given; a rule answers its replies one after the other.
Calls are told apart by the headers of the team (`x-rockets-role`, `x-rockets-task`) and by words
in the body. A call that no rule fits, or that the real API would refuse, gets a 400.
"""

import json
import socket
import struct
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from tests.agents.messages_cache import Cache
from tests.agents.messages_replies import Reply, error
from tests.agents.messages_rules import Json, complaint
from tests.agents.messages_stream import events, sse
from tests.agents.messages_thoughts import Thoughts


@dataclass
class Call:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: Json
    hung_up: bool = False
    """The client went away before the answer was sent."""

    @property
    def role(self) -> str:
        return self.headers.get("x-rockets-role", "")

    @property
    def task(self) -> str:
        return unquote(self.headers.get("x-rockets-task", ""))


@dataclass
class Rule:
    replies: list[Reply]
    role: str | None
    task: str | None
    says: str
    always: bool

    def fits(self, call: Call) -> bool:
        return (
            bool(self.replies)
            and self.role in (None, call.role)
            and self.task in (None, call.task)
            and self.says in json.dumps(call.body, ensure_ascii=False)
        )

    def take(self) -> Reply:
        return self.replies[0] if self.always else self.replies.pop(0)


class MessagesServer:
    """Runs in threads of its own, so processes and event loops may both be its clients."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.unexpected: list[str] = []
        """Why calls were refused that nobody told the server to refuse."""
        self.most_at_once = 0
        """Calls that were answered beside each other."""
        self.stopping = threading.Event()
        self.cache = Cache()
        self.thoughts = Thoughts()
        self._rules: list[Rule] = []
        self._held = 0
        self._let_go = threading.Event()
        self._lock = threading.Lock()
        self._under_way = 0
        handler = type("Handler", (_Handler,), {"messages": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = False
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def on(
        self,
        *replies: Reply,
        role: str | None = None,
        task: str | None = None,
        says: str = "",
        always: bool = False,
    ) -> None:
        """Answer such calls with these replies in turn; `always`: with the first, any number."""
        with self._lock:
            self._rules.append(Rule(list(replies), role, task, says, always))

    def hold(self, number: int) -> None:
        """Leave the call of this number (from 1) without an answer, until `release`."""
        self._held = number

    def wait_for(self, number: int) -> None:
        """Until so many calls have come."""
        deadline = time.monotonic() + 120
        while len(self.calls) < number:
            assert time.monotonic() < deadline, f"{len(self.calls)} calls of {number}"
            time.sleep(0.01)

    def release(self) -> None:
        self._let_go.set()

    def assert_complete(self) -> None:
        left = [rule for rule in self._rules if rule.replies and not rule.always]
        assert not left, f"never asked for: {left}"
        assert not self.unexpected, self.unexpected

    @contextmanager
    def at_work(self) -> Iterator[None]:
        with self._lock:
            self._under_way += 1
            self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1

    def reply_to(self, call: Call) -> Reply:
        with self._lock:
            self.calls.append(call)
            held = len(self.calls) == self._held
        if held:
            self._let_go.wait()
        with self._lock:
            wrong = complaint(call.body) or self.thoughts.complaint(call.body)
            rule = next((rule for rule in self._rules if rule.fits(call)), None)
            if wrong is None and rule is not None:
                reply = rule.take()
                self.thoughts.said(call.body, reply)
                return reply
            wrong = wrong or f"no reply for {call.role!r} on {call.task!r}"
            self.unexpected.append(wrong)
            return error(400, message=wrong)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self.release()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    messages: MessagesServer
    protocol_version = "HTTP/1.1"
    timeout = 2.0
    """Seconds; an idle connection does not keep the server from stopping."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(self.path, headers, json.loads(data))
        try:
            with self.messages.at_work():
                self._answer(call)
        except OSError:
            call.hung_up = True
            self.close_connection = True

    def _answer(self, call: Call) -> None:
        if self.path.endswith("/count_tokens"):
            self.messages.calls.append(call)
            usage = self.messages.cache.usage(call.body)
            total = sum(v for k, v in usage.items() if isinstance(v, int))
            self._send(200, json.dumps({"input_tokens": total}).encode(), {})
            return
        reply = self.messages.reply_to(call)
        self.messages.stopping.wait(reply.delay)
        if reply.body is not None:
            self._send(reply.status, reply.body, reply.headers)
        elif reply.status != 200:
            said = {"type": "error", "error": reply.error, "request_id": "req_error"}
            self._send(reply.status, json.dumps(said).encode(), reply.headers)
        elif call.body.get("stream"):
            self._stream(call, reply)
        else:
            message = {**self._message(call, reply), "content": list(reply.content)}
            self._send(200, json.dumps(message).encode(), reply.headers)

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response_only(status)
        for name, value in {
            "content-type": "application/json",
            "date": self.date_time_string(),
            "request-id": "req_error" if status != 200 else "req_ok",
            **headers,
        }.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _message(self, call: Call, reply: Reply) -> Json:
        usage = self.messages.cache.usage(call.body)
        return {
            "id": f"msg_{len(self.messages.calls)}",
            "type": "message",
            "role": "assistant",
            "model": call.body["model"],
            "stop_reason": reply.stop_reason,
            "stop_sequence": None,
            "usage": {**usage, "output_tokens": reply.output_tokens},
        }

    def _stream(self, call: Call, reply: Reply) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("request-id", "req_ok")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for number, event in enumerate(events(self._message(call, reply), reply)):
            if number == reply.after:
                self._break(reply)
                return
            self.messages.stopping.wait(reply.drip)
            if self.messages.stopping.is_set():
                self.close_connection = True
                return
            self._chunk(sse(event))
        self._chunk(b"")

    def _break(self, reply: Reply) -> None:
        if reply.then == "error":
            self._chunk(sse({"type": "error", "error": reply.error}))
        elif reply.then == "half":
            self._chunk(b'event: content_block_delta\ndata: {"type": "content_bl\n\n')
        elif reply.then == "cut":
            linger = struct.pack("ii", 1, 0)  # a reset, not a polite close
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True
            self.connection.close()
            raise ConnectionResetError
        self._chunk(b"")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()
