"""What is folded into the rows of the event list: prompts, answers, arguments, results, files."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from rockets_graph.trace import events as e
from rockets_graph.trace_export.bodies import Bodies
from rockets_graph.trace_export.html.files import Files
from rockets_graph.trace_export.html.money import dollars, money
from rockets_graph.trace_export.html.story import Block, Happening
from rockets_graph.trace_export.html.texts import Texts, as_text, message_text, part_text

MOST_OUTPUT = 2_000
"""Lines of a program that are shown, its last ones."""


class Calls:
    def __init__(self, bodies: Bodies, texts: Texts) -> None:
        self._bodies = bodies
        self._texts = texts
        self.files = Files(bodies, texts)
        self._said: dict[int | None, set[int]] = {}
        """By job, the texts that one of its requests had already."""

    def block(self, heading: str, body: e.Body, *, unfolded: bool = False) -> Block:
        return self._block(heading, self._bodies.value(body), unfolded=unfolded)

    def facts(self, *facts: tuple[str, object]) -> Block:
        """Those that have a value."""
        known = [(name, str(value)) for name, value in facts if value not in (None, "", ())]
        return Block(heading="", facts=known)

    def header(self, event: e.Header) -> list[Block]:
        options: Mapping[str, JsonValue] = event.options
        return [
            self.facts(("plan", event.plan_hash), ("tree", event.tree)),
            self.block("Plan", event.plan),
            self._block("Options", dict(options)),
        ]

    def request(self, event: e.ModelRequested) -> list[Block]:
        """What was sent; a job's later requests show only what is new in them."""
        known = self._said.setdefault(event.parent, set())
        blocks = [
            self._block("System", part_text(self._bodies.value(body))[1]) for body in event.system
        ]
        for body in event.messages:
            heading, text = message_text(self._bodies.value(body))
            blocks.append(self._block(f"Prompt, {heading}", text))
        if event.tools:
            tools: list[JsonValue] = [self._bodies.value(body) for body in event.tools]
            blocks.append(self._block("Tools", tools))
        if event.output_schema is not None:
            blocks.append(self.block("Answer's schema", event.output_schema))
        new = [block for block in blocks if block.text not in known]
        repeated = len(blocks) - len(new)
        known |= {block.text for block in blocks if block.text is not None}
        facts = self.facts(
            ("at most", f"{event.max_tokens:,} tokens"),
            ("effort", event.effort),
            ("thinking", "first" if event.thinking else None),
            ("as before", f"{repeated} parts of the prompt" if repeated else None),
        )
        return [facts, *new]

    def response(self, row: Happening, event: e.ModelAnswered | e.ModelFailed) -> None:
        price = money(event.cost)
        row.cost = dollars(price) if price is not None else ""
        lost = f"{event.lost.total:,} tokens" if event.lost.total else None
        effort = (
            ("attempts", event.attempts if event.attempts > 1 else None),
            ("waited", ", ".join(f"{seconds:.1f} s" for seconds in event.waits)),
            ("lost", lost),
            ("request id", event.request_id),
        )
        if isinstance(event, e.ModelFailed):
            row.bad = True
            row.title = f"{row.title}: {event.error}"
            status = self.facts(("HTTP status", event.status), *effort)
            row.blocks = [*self.problems(event.error, event.problems), status, *row.blocks]
            return
        usage = event.usage
        row.tokens = usage.total + event.lost.total
        row.title = f"{row.title} ({', '.join(event.finish_reasons)})"
        facts = self.facts(
            ("answered by", event.answered_by),
            (
                "input",
                f"{usage.prompt_tokens:,} tokens, {usage.cache_read_tokens:,} from the cache",
            ),
            ("output", f"{usage.output_tokens:,} tokens"),
            *effort,
        )
        answer = [
            self._block(name.capitalize(), text, unfolded=name == "answer")
            for name, text in (part_text(self._bodies.value(body)) for body in event.content)
        ]
        row.blocks = [facts, *answer, *row.blocks]

    def agent_result(self, row: Happening, event: e.AgentToolAnswered) -> None:
        row.bad = event.is_error
        files = self.files.blocks(event.files)
        row.blocks = [*files, *row.blocks, self.block("Result", event.text, unfolded=not files)]

    def result(
        self,
        row: Happening,
        event: e.ToolAnswered,
        value: JsonValue,
        output: Sequence[str],
    ) -> None:
        blocks = self.problems(event.error, event.problems) if event.error is not None else []
        blocks += self.files.blocks(event.files)
        blocks += row.blocks
        if event.result is not None:
            blocks.append(self._block("Result", value))
        if output:
            blocks.append(self._block("Output", "\n".join(output[-MOST_OUTPUT:])))
        row.blocks = blocks

    def left(self, row: Happening, event: e.NodeLeft) -> None:
        goes = ", ".join(goto.node for goto in event.goto)
        row.blocks = [self.facts(("goes to", goes)), self.block("What it changed", event.update)]
        row.title = f"{row.title} → {goes}" if goes else row.title

    def finished(self, row: Happening, event: e.JobFinished) -> None:
        row.bad = not event.passed
        row.tokens = event.tokens
        row.cost = dollars(price) if (price := money(str(event.cost))) is not None else ""
        row.blocks = [self.facts(("outcome", event.detail), ("turns", event.turns))]

    def problems(self, error: str, problems: Sequence[e.Said]) -> list[Block]:
        if not problems:
            return [self.facts(("error", error))]
        return [
            self.facts(
                ("error", error),
                ("problem", f"{problem.message} [{problem.code}]"),
                ("fix", problem.fix),
                ("file", f"{problem.file}:{problem.line}" if problem.line else problem.file),
                ("at", problem.pointer),
            )
            for problem in problems
        ]

    def _block(self, heading: str, value: JsonValue, *, unfolded: bool = False) -> Block:
        return Block(heading=heading, text=self._texts.add(as_text(value)), open=unfolded)
