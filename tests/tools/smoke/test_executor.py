"""What the executor does when the application misbehaves as a server."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from tests.tools.smoke.fake_app import FakeApp
from tests.tools.smoke.plans import shop

from rockets_tools.smoke.client import Client, NoAnswerError
from rockets_tools.smoke.database import QueryError
from rockets_tools.smoke.execute import PATIENCE, Player
from rockets_tools.smoke.model import Case, Kind, Ownership, Row, Scene, Step

PLAN = shop()
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """Calls `answer` with each connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                answer(connection)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def scene_of(count: int) -> Scene:
    cases = tuple(
        Case(
            entity="Category",
            role="anonymous",
            operation="readMany",
            ownership=Ownership.NONE,
            kind=Kind.CELL,
            title=str(number),
            steps=(Step(person=None, method="GET", path="/categories", status=(200,)),),
        )
        for number in range(count)
    )
    return Scene(entity="Category", title="t", rows=(), cases=cases)


def play(port: int, count: int, timeout: float = 5.0) -> list[str]:
    client = Client("127.0.0.1", port, timeout=timeout)
    player = Player(PLAN, client, FakeApp(PLAN))
    try:
        return [cell.got for cell in player.play(scene_of(count))]
    finally:
        player.close()
        client.close()


def test_an_answer_passes() -> None:
    def answer(connection: socket.socket) -> None:
        while connection.recv(4096):
            connection.sendall(OK)

    with server(answer) as port:
        assert play(port, 1) == ["200"]


def test_a_closed_connection_is_a_failure() -> None:
    with server(lambda connection: None) as port:
        (got,) = play(port, 1)
    assert got.startswith("no answer; no answer:")


def test_a_silent_application_is_given_up_after_a_time_and_after_some_requests() -> None:
    started = time.monotonic()
    done = threading.Event()
    with server(lambda connection: done.wait(20) and None) as port:
        gots = play(port, 60, timeout=0.3)
        done.set()
    assert time.monotonic() - started < 10
    assert len(gots) == 60
    assert all(got.startswith("no answer") for got in gots)
    asked = [got for got in gots if "not asked" not in got]
    assert PATIENCE <= len(asked) <= PATIENCE + 4


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = Client("127.0.0.1", port)
    with pytest.raises(NoAnswerError, match="refused"):
        client.send(scene_of(1).cases[0].steps[0])
    client.close()


def test_an_error_without_its_four_keys_is_a_failure() -> None:
    def answer(connection: socket.socket) -> None:
        body = json.dumps({"statusCode": 403}).encode()
        head = f"HTTP/1.1 403 Forbidden\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        while connection.recv(4096):
            connection.sendall(head + body)

    scene = scene_of(1)
    step = Step(person=None, method="GET", path="/categories", status=(403,))
    case = Case(
        entity="Category",
        role="anonymous",
        operation="readMany",
        ownership=Ownership.NONE,
        kind=Kind.CELL,
        title="refused",
        steps=(step,),
    )
    with server(answer) as port:
        client = Client("127.0.0.1", port)
        player = Player(PLAN, client, FakeApp(PLAN))
        (cell,) = player.play(Scene(entity="Category", title="t", rows=(), cases=(case,)))
        player.close()
        client.close()
    assert scene.cases
    assert cell.reasons == ("the error is not {statusCode, errorCode, message, timestamp}",)


class UnsettableTables(FakeApp):
    def set(self, rows: Sequence[Row], names: Sequence[str]) -> dict[str, dict[str, object]]:
        raise QueryError("duplicate key")


def test_rows_that_cannot_be_stored_fail_their_cases() -> None:
    client = Client("127.0.0.1", 1)
    player = Player(PLAN, client, UnsettableTables(PLAN))
    cells = player.play(scene_of(2))
    player.close()
    assert [cell.passed for cell in cells] == [False, False]
    assert "duplicate key" in cells[0].reasons[0]
