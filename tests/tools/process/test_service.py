import socket
import sys
import time
from pathlib import Path

import pytest

from rockets_tools.process import Service, ServiceError


def python(code: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-u", "-c", code]


def port_of(line: str) -> int | None:
    return int(line.removeprefix("port ")) if line.startswith("port ") else None


def test_ready_by_a_line_and_stopped_with_its_children(tmp_path: Path) -> None:
    code = "import time, os; print('hello'); print('port 12'); time.sleep(60)"
    with Service(python(code), cwd=tmp_path, name="svc", timeout=10, ready=port_of) as service:
        assert service.value == 12
        assert service.running()
        assert "hello" in service.output
    assert not service.running()


def test_ready_by_a_probe(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])

    def answers() -> bool | None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return True
        except OSError:
            return None

    code = (
        "import socket, time; time.sleep(0.2); s = socket.socket();"
        f"s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('127.0.0.1', {port}));"
        "s.listen(); time.sleep(60)"
    )
    with Service(python(code), cwd=tmp_path, name="svc", timeout=10, probe=answers) as service:
        assert service.value is True
    assert answers() is None


def test_an_early_end_is_told_with_its_last_line(tmp_path: Path) -> None:
    code = "import sys; print('first'); print('Error: no such table'); sys.exit(3)"
    started = time.monotonic()
    with (
        pytest.raises(ServiceError, match=r"svc ended with status 3 .*no such table") as caught,
        Service(python(code), cwd=tmp_path, name="svc", timeout=30, ready=port_of),
    ):
        pass
    assert time.monotonic() - started < 5
    assert caught.value.output == "first\nError: no such table\n"


def test_one_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('port 1'); time.sleep(60)"
    )
    service = Service(python(code), cwd=tmp_path, name="svc", timeout=10, ready=port_of, grace=0.3)
    with service:
        pass
    assert not service.running()


def test_never_ready_is_an_error_in_time(tmp_path: Path) -> None:
    started = time.monotonic()
    with (
        pytest.raises(ServiceError, match=r"was not ready within 0\.5 seconds"),
        Service(
            python("import time; time.sleep(60)"),
            cwd=tmp_path,
            name="svc",
            timeout=0.5,
            ready=port_of,
        ),
    ):
        pass
    assert time.monotonic() - started < 5
