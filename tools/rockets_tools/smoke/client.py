"""Speaks HTTP to the application: one kept connection per thread, paths sent as they are."""

import contextlib
import http.client
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue

from rockets_tools.smoke.model import Step
from rockets_tools.smoke.tokens import Tokens, wrong_token

SECONDS = 20.0
"""Until a request is given up."""
IDLE = 3.0
"""Seconds after which a kept connection is not trusted; Node closes one after five."""
BIGGEST = 8 * 2**20
"""Bytes of a response that are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    status: int
    text: str
    body: JsonValue
    """None also where the text is no JSON."""


class NoAnswerError(Exception):
    """The application closed the connection or did not answer in time."""


class Client:
    """Requests of all persons. Threads may share it."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        tokens: Mapping[str, Tokens] | None = None,
        secret: str = "",
        timeout: float = SECONDS,
    ) -> None:
        self._host = host
        self._port = port
        self.tokens = dict(tokens or {})
        """Person key to what his login gave."""
        self._secret = secret
        self._timeout = timeout
        self._local = threading.local()
        self._open: list[http.client.HTTPConnection] = []

    def send(self, step: Step) -> Response:
        """Ask, and wait for the whole answer. Raises `NoAnswerError`."""
        text = step.text
        headers = self._headers(step)
        if text is not None:
            headers["Content-Type"] = "application/json"
        connection = self._connection()
        try:
            # A body that is too big is refused before it is read to its end.
            with contextlib.suppress(BrokenPipeError):
                connection.request(
                    step.method, step.path, text.encode() if text is not None else None, headers
                )
            answer = connection.getresponse()
            data = answer.read(BIGGEST)
            if not answer.isclosed():
                connection.close()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise NoAnswerError(str(error) or type(error).__name__) from error
        self._local.used = time.monotonic()
        return _response(answer.status, data)

    def close(self) -> None:
        for connection in self._open:
            connection.close()

    def _headers(self, step: Step) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if step.person is not None:
            tokens = self.tokens[step.person]
            token = (
                tokens.access
                if step.token is None
                else wrong_token(step.token, tokens, self._secret)
            )
            headers["Authorization"] = f"Bearer {token}"
        return headers

    def _connection(self) -> http.client.HTTPConnection:
        kept = cast("http.client.HTTPConnection | None", getattr(self._local, "connection", None))
        if kept is None:
            kept = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
            self._local.connection = kept
            self._open.append(kept)
        elif time.monotonic() - cast("float", getattr(self._local, "used", 0.0)) > IDLE:
            kept.close()
        return kept


def _response(status: int, data: bytes) -> Response:
    text = data.decode("utf-8", "replace")
    try:
        body = cast("JsonValue", json.loads(text)) if text else None
    except ValueError:
        body = None
    return Response(status=status, text=text, body=body)
