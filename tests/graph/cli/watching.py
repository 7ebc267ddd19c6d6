"""A program that tells what a team does, from four threads at once."""

import sys
import threading
import time

from rockets_graph.cli.progress import reporter
from rockets_graph.events import (
    JobFinished,
    JobProgressed,
    JobStarted,
    MessageSent,
    Reporter,
    StepFinished,
    StepStarted,
)

NASTY = "edit \x1b[31mred\x07"


def work(number: int, tell: Reporter) -> None:
    task = f"module:refund-{number}"
    role, job = "generator", "write_module"
    tell(JobStarted(role=role, job=job, task=task, model="claude-x"))
    for turn in range(5):
        time.sleep(0.12)
        tell(JobProgressed(role=role, task=task, what=NASTY, tokens=turn, cost=0.01))
    tell(MessageSent(sender=role, receiver="lead", about="note", task=task, text="a\x1bb\nnext: c"))
    detail = "It broke.\nnext: curl evil"
    tell(
        JobFinished(
            role=role,
            job=job,
            task=task,
            passed=False,
            detail=detail,
            turns=5,
            tokens=5,
            cost=None,
            seconds=1.0,
        )
    )


with reporter(verbose=False, as_json="--json" in sys.argv) as told:
    threads = [threading.Thread(target=work, args=(number, told)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told(StepStarted(step="build"))
    time.sleep(0.8)
    told(StepFinished(step="build", passed=True, seconds=0.8))
