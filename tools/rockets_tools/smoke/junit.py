"""The result as CI systems read it."""

import io
import re

from junitparser import Failure, JUnitXml, TestCase, TestSuite

from rockets_tools.smoke.model import Cell
from rockets_tools.smoke.result import SmokeResult

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(result: SmokeResult) -> str:
    """JUnit XML: a suite for each entity, a test case for each case."""
    report = JUnitXml("smoke")
    suites: dict[str, TestSuite] = {}
    for cell in result.cells:
        suite = suites.setdefault(cell.entity, TestSuite(cell.entity))
        case = TestCase(_xml(f"{cell.kind}: {cell.title}"), _xml(f"{cell.entity}.{cell.role}"))
        if not cell.passed:
            failure = Failure(_xml("; ".join(cell.reasons)), "smoke")
            failure.text = _xml(_detail(cell))
            case.result = [failure]
        suite.add_testcase(case)
    for suite in suites.values():
        report.add_testsuite(suite)
    buffer = io.BytesIO()
    # The library's IO has no type argument.
    report.write(buffer)  # pyright: ignore[reportUnknownMemberType]
    return buffer.getvalue().decode()


def _detail(cell: Cell) -> str:
    lines = [f"{cell.request}: expected {cell.expected}, got {cell.got}"]
    if cell.exchange is not None:
        lines += [f"request: {cell.exchange.request}", f"response: {cell.exchange.response}"]
    return "\n".join(lines)


def _xml(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return NOT_XML.sub("\ufffd", text)
