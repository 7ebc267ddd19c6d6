"""The Reviewer reads a wave's changed files for what the mechanical rules cannot see."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, JsonValue

from rockets_agents.findings import Brief, Finding, Said
from rockets_agents.role import Job, Role, reading_and
from rockets_tools.files import ProjectFiles

REVIEWER = Role(
    name="reviewer",
    model="haiku",
    tools=reading_and("send_message"),
    speaks_to=frozenset({"generator"}),
)


class ReviewedFile(Said):
    path: str
    numbered: str
    """Its text, each line after its number and a tab (`toolset.numbered`)."""

    @property
    def lines(self) -> int:
        return self.numbered.count("\n") + 1


class ReviewBrief(Brief):
    wave: int
    """As people count, from 1."""
    entities: tuple[dict[str, JsonValue], ...]
    """Of the wave, in the plan's schema, as far as access, owners and relations go."""
    files: tuple[ReviewedFile, ...]
    settled: tuple[str, ...] = ()
    """Findings of earlier rounds of this wave, each with the Generator's answer."""


class ReviewFinding(Said):
    """One breach of an engineering rule."""

    rule: Literal[1, 2, 3, 4, 5, 6, 7, 8, 9] = Field(description="Number of the rule.")
    severity: Literal["critical", "high", "medium", "warning"]
    file: str = Field(description="One of the files under review.")
    line: int = Field(description="1-based, where the breach is.")
    message: str = Field(description="What happens to whom, in one or two sentences.")
    fix: str = Field(description="The change that mends it, ready to be carried out.")

    def as_finding(self) -> Finding:
        return Finding(
            severity=self.severity,
            rule=f"review-rule-{self.rule}",
            message=self.message,
            file=self.file,
            line=self.line,
            fix=self.fix,
        )


class ReviewReport(Said):
    """Everything found; empty when the wave is clean."""

    findings: tuple[ReviewFinding, ...]


def check_review(answer: ReviewReport, brief: ReviewBrief, _: ProjectFiles) -> Iterator[str]:
    """A finding is about a line that was shown."""
    lines = {file.path: file.lines for file in brief.files}
    for finding in answer.findings:
        if finding.file not in lines:
            yield f"{finding.file} is not one of the files under review."
        elif not 1 <= finding.line <= max(lines[finding.file], 1):
            yield f"{finding.file} has no line {finding.line}."


REVIEW = Job(
    role=REVIEWER,
    name="review",
    brief=ReviewBrief,
    answer=ReviewReport,
    check=check_review,
    tools=reading_and("send_message"),
    max_turns=12,
    many_turns=False,
)
