import subprocess
import sys
import time
from pathlib import Path

import pytest

from rockets_tools.errors import MachineError
from rockets_tools.process import Child, TimedOutError, child_environment, run


def python(code: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", code]


def test_output_and_status_are_kept_apart(tmp_path: Path) -> None:
    done = run(
        python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(7)"),
        cwd=tmp_path,
        timeout=10,
    )
    assert (done.code, done.stdout, done.stderr) == (7, "out\n", "err\n")
    assert 0 < done.seconds < 10


def test_the_signal_that_ended_it_is_its_status(tmp_path: Path) -> None:
    done = run(python("import os; os.kill(os.getpid(), 11)"), cwd=tmp_path, timeout=10)
    assert done.code == 128 + 11


def test_arguments_are_not_seen_by_a_shell(tmp_path: Path) -> None:
    nasty = "$(touch owned); `touch owned` && touch owned | 'x \" y"
    done = run(["printf", "%s", nasty], cwd=tmp_path, timeout=10)
    assert done.stdout == nasty
    assert list(tmp_path.iterdir()) == []


def test_input_larger_than_a_pipe_comes_back(tmp_path: Path) -> None:
    text = "é" * 300_000
    assert run(["cat"], cwd=tmp_path, timeout=10, stdin_text=text).stdout == text


def test_a_program_that_does_not_read_its_input_is_no_error(tmp_path: Path) -> None:
    done = run(["true"], cwd=tmp_path, timeout=10, stdin_text="x" * 2_000_000)
    assert done.code == 0


def test_lines_come_as_they_are_printed(tmp_path: Path) -> None:
    lines: list[str] = []
    run(
        python("import sys; sys.stdout.write('a\\r\\nbé\\n\\nlast')"),
        cwd=tmp_path,
        timeout=10,
        on_line=lines.append,
    )
    assert lines == ["a", "bé", "", "last"]


def test_only_the_end_of_a_flood_is_kept(tmp_path: Path) -> None:
    done = run(
        python("import sys; sys.stdout.write('x' * 5_000_000 + 'end')"),
        cwd=tmp_path,
        timeout=20,
        max_output=1000,
    )
    assert done.truncated
    assert len(done.stdout) == 1000
    assert done.stdout.endswith("xend")


def test_too_long_is_stopped_and_says_what_it_printed(tmp_path: Path) -> None:
    started = time.monotonic()
    with pytest.raises(TimedOutError) as caught:
        run(
            python("import time; print('begun', flush=True); time.sleep(60)"),
            cwd=tmp_path,
            timeout=0.5,
        )
    assert time.monotonic() - started < 5
    assert caught.value.completed.stdout == "begun\n"
    assert caught.value.problems[0].code == "timeout"


def test_missing_program_and_folder_are_errors_of_the_machine(tmp_path: Path) -> None:
    with pytest.raises(MachineError) as caught:
        run(["no-such-program"], cwd=tmp_path, timeout=5)
    assert caught.value.problems[0].code == "program-missing"
    with pytest.raises(MachineError):
        run(["true"], cwd=tmp_path / "nowhere", timeout=5)


def test_secrets_stay_here(tmp_path: Path) -> None:
    source = {
        "PATH": "/usr/bin:/bin",
        "HOME": "/home/x",
        "HTTPS_PROXY": "http://proxy.invalid:1",
        "npm_config_prefer_offline": "true",
        "ANTHROPIC_API_KEY": "s",
        "OPENAI_API_KEY": "s",
        "GITHUB_TOKEN": "s",
        "NPM_CONFIG__AUTHTOKEN": "s",
        "npm_config__password": "s",
        "DATABASE_URL": "postgres://a:s@h/d",
        "PGPASSWORD": "s",
        "AWS_SECRET_ACCESS_KEY": "s",
        "LD_PRELOAD": "s",
    }
    environment = child_environment({"PORT": "3000"}, source=source)
    assert "s" not in environment.values()
    assert environment["PORT"] == "3000"
    assert {"PATH", "HOME", "HTTPS_PROXY", "npm_config_prefer_offline"} <= set(environment)
    done = run(["env"], cwd=tmp_path, timeout=5, env={**environment, "PATH": "/usr/bin:/bin"})
    names = {line.partition("=")[0] for line in done.stdout.splitlines()}
    assert names <= set(environment) | {"LC_CTYPE"}


class EndedMeanwhile(Child):
    """Another thread ends it just when this one looks."""

    def poll(self) -> int | None:
        self.kill()
        return None


def test_a_child_may_be_ended_while_it_is_being_ended(tmp_path: Path) -> None:
    child = EndedMeanwhile(python("input()"), cwd=tmp_path, env=child_environment(), stdin=True)
    child.stop()
    child.close()
    assert child.kill() == 128 + 9


STOPPER = """
import threading, time
from rockets_tools.process import run, stop_all

codes = []
work = lambda: codes.append(run(["sleep", "60"], cwd="/", timeout=60).code)
thread = threading.Thread(target=work)
thread.start()
time.sleep(0.5)
stop_all()
thread.join(5)
print(codes)
"""


def test_stop_all_ends_what_another_thread_waits_for(tmp_path: Path) -> None:
    # In a process of its own: other tests of this one may have servers running.
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", STOPPER], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str([128 + 9])
    assert time.monotonic() - started < 20
