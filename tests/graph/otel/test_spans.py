"""Events become spans: the mapping alone, without the SDK."""

from pydantic import JsonValue
from tests.graph.trace_export.team_run import START, Script, inline, team_run

from rockets_graph.otel.spans import Span, SpanMaker
from rockets_graph.trace.events import LATEST, AnyEvent, Body, Inline


def made(events: list[AnyEvent], *, content: bool = False) -> list[Span]:
    def read(body: Body) -> JsonValue:
        assert isinstance(body, Inline)
        return body.value

    maker = SpanMaker(read if content else None)
    spans = [span for event in events for span in maker.take(event)]
    return [*spans, *maker.close()]


def by_name(spans: list[Span], name: str) -> Span:
    return next(span for span in spans if span.name == name)


def test_spans_nest_workflow_node_agent_chat_and_tools() -> None:
    spans = made(team_run())
    names = {span.span_id: span.name for span in spans}

    def above(span: Span) -> str | None:
        return None if span.parent_id is None else names[span.parent_id]

    nesting = {(span.name, above(span)) for span in spans}
    assert nesting == {
        ("invoke_workflow rockets", None),
        ("integrate", "invoke_workflow rockets"),
        ("execute_tool integrate", "integrate"),
        ("validate", "invoke_workflow rockets"),
        ("execute_tool validate", "validate"),
        ("reviewer", "invoke_workflow rockets"),
        ("invoke_agent reviewer", "reviewer"),
        ("chat claude-haiku-4-5", "invoke_agent reviewer"),
        ("generator", "invoke_workflow rockets"),
        ("invoke_agent generator", "generator"),
        ("chat claude-haiku-4-5", "invoke_agent generator"),
        ("execute_tool edit_file", "invoke_agent generator"),
        ("tester", "invoke_workflow rockets"),
        ("execute_tool smoke", "tester"),
    }
    assert len({span.trace_id for span in spans}) == 1
    assert len({span.span_id for span in spans}) == len(spans)


def test_a_chat_span_says_what_the_conventions_ask_for() -> None:
    chat = by_name(made(team_run()), "chat claude-haiku-4-5")
    assert chat.client
    known = chat.attributes
    assert {name: value for name, value in known.items() if name.startswith("gen_ai.")} == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.agent.name": "reviewer",
        "gen_ai.conversation.id": "2026-11-24T09:00:00-shop",
        "gen_ai.output.type": "json",
        "gen_ai.prompt.name": "reviewer",
        "gen_ai.request.max_tokens": 4000,
        "gen_ai.request.model": "claude-haiku-4-5",
        "gen_ai.request.reasoning.level": "low",
        "gen_ai.request.stream": True,
        "gen_ai.response.finish_reasons": ["end_turn"],
        "gen_ai.response.id": "msg_1",
        "gen_ai.response.model": "claude-haiku-4-5-20251001",
        "gen_ai.response.time_to_first_chunk": 0.4,
        "gen_ai.usage.cache_read.input_tokens": 900,
        "gen_ai.usage.cache_write.input_tokens": 100,
        "gen_ai.usage.input_tokens": 1200,
        "gen_ai.usage.output_tokens": 80,
    }
    assert known["rockets.cost.usd"] == 0.0021
    assert chat.end - chat.start == 2_000_000_000
    assert abs(chat.start / 1e9 - START) < 60


def test_errors_are_errors() -> None:
    spans = made(team_run())
    failed = {span.name: span for span in spans if span.error is not None}
    assert set(failed) == {
        "chat claude-haiku-4-5",
        "invoke_agent generator",
        "invoke_workflow rockets",
    }
    assert failed["chat claude-haiku-4-5"].attributes["error.type"] == "529"
    assert failed["chat claude-haiku-4-5"].error == "The model is overloaded."
    assert failed["invoke_workflow rockets"].attributes["rockets.outcome"] == "failed"


def test_what_was_said_is_there_only_when_asked_for() -> None:
    quiet, loud = made(team_run()), made(team_run(), content=True)
    said = ("Review wave 1.", "You are the", "findings", "Deny by default", "old", "not JSON")
    for text in said:
        assert text not in str(quiet), text
        assert text in str(loud), text
    chat = by_name(loud, "chat claude-haiku-4-5")
    assert chat.attributes["gen_ai.input.messages"] == (
        '[{"role":"user","parts":[{"type":"text","content":"Review wave 1."}]}]'
    )


def test_the_same_trace_gives_the_same_ids_and_an_attempt_is_a_trace_of_its_own() -> None:
    assert made(team_run()) == made(team_run())
    run = Script()
    run.header()
    run.node("integrate", 0)
    run.where = {}
    run.header(attempt=2)
    first, second = made(run.events)[1], made(run.events)[2]
    assert first.trace_id != second.trace_id
    assert first.attributes["gen_ai.conversation.id"] == second.attributes["gen_ai.conversation.id"]


def test_what_a_killed_run_left_open_was_interrupted() -> None:
    events = team_run()
    for length in range(1, len(events)):
        spans = made(events[:length])
        assert all(span.end >= span.start for span in spans)
        assert spans[-1].name == "invoke_workflow rockets"
        assert spans[-1].error == "interrupted"
        begun = {event.seq for event in events[:length] if not hasattr(event, "of")}
        assert {span.attributes["rockets.event.seq"] for span in spans} <= begun


def test_a_node_that_fails_takes_its_open_calls_along() -> None:
    from rockets_graph.trace.events import Failed, Said, ToolCalled

    run = Script()
    run.header()
    node = run.node("migrate", None)
    run.add(ToolCalled, tool="migrate", arguments=inline({}), key="0" * 64, parent=node)
    problem = Said(code="disk", message="The disk is full.", fix="Make room.")
    run.add(Failed, of=node, error="MachineError", problems=(problem,))
    call, failed, _ = made(run.events)
    assert (call.name, call.error) == ("execute_tool migrate", "interrupted")
    assert (failed.name, failed.error) == ("migrate", "The disk is full.")
    assert call.end <= failed.end


def test_a_hostile_trace_makes_spans_all_the_same() -> None:
    """Ends of nothing, parents that come later or are themselves, times at the end of the range."""
    events = team_run()
    wrong: list[AnyEvent] = []
    for event in events:
        changes = [{"parent": event.seq}, {"parent": 10_000}, {"time": LATEST}, {"time": 0.0}]
        changes += [{"of": 999}, {"of": 1}] if hasattr(event, "of") else []
        wrong += [event.model_copy(update=change) for change in changes]
    for span in made(wrong):
        assert 0 <= span.start <= span.end < 2**63
