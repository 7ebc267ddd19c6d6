"""Set aside before, settled after, never lost."""

import asyncio
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.agents.conftest import Client, a_request
from tests.agents.messages_replies import broken, error, say
from tests.agents.messages_server import MessagesServer

from rockets_agents.model import BudgetSpentError, ModelRequest, ModelResponse, Usage
from rockets_agents.model.budget import Budget, BudgetState, Reservation
from rockets_agents.model.budgeted import BudgetedModel
from rockets_agents.model.errors import KeyRefusedError, PriceUnknownError
from rockets_agents.model.estimate import estimate_prompt
from rockets_agents.testing import ScriptedModel, Step, answer

ROLES = ("lead", "generator", "reviewer", "tester", "builder")


def reserve(budget: Budget, request: ModelRequest) -> Reservation:
    return asyncio.run(budget.reserve(request))


def test_a_call_is_counted_by_role_with_its_cost(client: Client, server: MessagesServer) -> None:
    server.on(say("ok", output_tokens=100), always=True)
    budget = Budget()

    async def run() -> None:
        async with client.model() as model:
            budgeted = BudgetedModel(model, budget)
            await budgeted.complete(a_request(role="lead", model="claude-opus-5-5"))
            await budgeted.complete(a_request(role="reviewer"))
            await budgeted.complete(a_request(role="reviewer"))

    asyncio.run(run())
    assert {role: spent.calls for role, spent in budget.by_role.items()} == {
        "lead": 1,
        "reviewer": 2,
    }
    assert budget.by_role["reviewer"].usage.output_tokens == 200
    cost = budget.by_role["lead"].cost
    assert cost is not None
    assert cost > 100 * Decimal(20) / 1_000_000
    assert budget.total.tokens == sum(spent.tokens for spent in budget.by_role.values())


def test_a_call_that_does_not_fit_is_not_sent(client: Client, server: MessagesServer) -> None:
    server.on(say("ok", output_tokens=900), always=True)
    budget = Budget(max_tokens=2500)

    async def run() -> None:
        async with client.model() as model:
            budgeted = BudgetedModel(model, budget)
            for _ in range(10):
                await budgeted.complete(a_request())

    with pytest.raises(BudgetSpentError) as caught:
        asyncio.run(run())
    assert len(server.calls) == 2
    assert budget.total.tokens <= 2500
    assert budget.state.open == ()
    assert "of 2,500 tokens are spent" in str(caught.value)
    assert "reviewer 1,8" in str(caught.value)
    assert caught.value.exit_code == 1
    assert "--resume" in caught.value.problems[0].fix


def test_cost_is_limited_too() -> None:
    budget = Budget(max_cost=Decimal("0.05"))
    fits = a_request(model="claude-opus-5-5", max_tokens=2000)
    reservation = reserve(budget, fits)
    assert reservation.cost is not None
    assert Decimal("0.04") < reservation.cost < Decimal("0.05")
    budget.settle(reservation, Usage(output_tokens=2000))
    with pytest.raises(BudgetSpentError, match=r"\$0\.0400 of \$0\.0500"):
        reserve(budget, fits)


def test_a_cost_that_cannot_be_known_cannot_be_limited() -> None:
    with pytest.raises(PriceUnknownError) as caught:
        reserve(Budget(max_cost=Decimal(1)), a_request(model="some/other"))
    assert "--max-tokens" in caught.value.problems[0].fix


def test_an_unknown_price_leaves_the_total_unknown_and_the_tokens_known() -> None:
    budget = Budget()
    known, unknown = a_request(), a_request(role="tester", model="some/other")
    budget.settle(reserve(budget, known), Usage(output_tokens=10))
    budget.settle(reserve(budget, unknown), Usage(output_tokens=10))
    assert budget.by_role["reviewer"].cost is not None
    assert budget.by_role["tester"].cost is None
    assert budget.total.cost is None
    assert budget.total.known_cost > 0
    assert budget.total.tokens == 20


def test_calls_beside_each_other_wait_for_room_and_not_for_nothing() -> None:
    """Four calls set aside 1000 each of 2500, but take 100: all go, none is refused."""
    budget = Budget(max_tokens=2900)
    at_once = most = 0

    class Slow:
        async def complete(
            self, request: ModelRequest, *, on_delta: object = None
        ) -> ModelResponse:
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            await asyncio.sleep(0.01)
            at_once -= 1
            return answer("ok", usage=Usage(output_tokens=100))

    async def run() -> None:
        model = BudgetedModel(Slow(), budget)
        async with asyncio.timeout(5):
            await asyncio.gather(*(model.complete(a_request(task=f"{n}")) for n in range(8)))

    asyncio.run(run())
    assert most == 2
    assert budget.total.tokens == 800


def test_a_call_that_would_not_fit_alone_does_not_wait() -> None:
    budget = Budget(max_tokens=3000)

    async def run() -> None:
        await budget.reserve(a_request())
        async with asyncio.timeout(1):
            await budget.reserve(a_request(max_tokens=5000))

    with pytest.raises(BudgetSpentError):
        asyncio.run(run())


def test_what_a_failed_call_lost_is_settled(client: Client, server: MessagesServer) -> None:
    server.on(broken(say("x" * 200), after=6, then="cut"), error(401))
    budget = Budget()

    async def run() -> None:
        async with client.model() as model:
            await BudgetedModel(model, budget).complete(a_request())

    with pytest.raises(KeyRefusedError):
        asyncio.run(run())
    assert budget.state.open == ()
    assert budget.total.usage.output_tokens > 10
    assert budget.total.unsettled_tokens == 0


def test_a_cancelled_call_counts_whole() -> None:
    budget = Budget()

    class Hanging:
        async def complete(
            self, request: ModelRequest, *, on_delta: object = None
        ) -> ModelResponse:
            await asyncio.sleep(60)
            raise AssertionError

    async def run() -> None:
        call = asyncio.create_task(BudgetedModel(Hanging(), budget).complete(a_request()))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        [reservation] = budget.state.open
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        assert budget.total.tokens == reservation.tokens

    asyncio.run(run())
    assert budget.state.open == ()


def test_a_killed_process_leaves_what_it_may_have_spent() -> None:
    written: list[str] = []
    budget = Budget(on_change=lambda state: written.append(state.model_dump_json()))
    budget.settle(reserve(budget, a_request()), Usage(output_tokens=50))
    in_flight = reserve(budget, a_request(role="builder", max_tokens=4000))
    # killed here: the file has what was written before the call was sent

    resumed = Budget(max_tokens=6000, state=BudgetState.model_validate_json(written[-1]))
    assert resumed.state.open == ()
    assert resumed.total.tokens == 50 + in_flight.tokens
    assert resumed.by_role["builder"].cost == in_flight.cost
    with pytest.raises(BudgetSpentError):
        reserve(resumed, a_request(max_tokens=3000))
    again = Budget(state=BudgetState.model_validate_json(resumed.state.model_dump_json()))
    assert again.state == resumed.state


def test_the_estimate_is_above_what_the_server_counts(
    client: Client, server: MessagesServer
) -> None:
    server.on(say("ok"), always=True)
    for words in ("hello", "word " * 5000, "数据" * 2000, '{"a": [1, 2]}' * 800):
        request = a_request(words)
        assert estimate_prompt(request) > client.ask(request).usage.prompt_tokens


@st.composite
def steps(draw: st.DrawFn) -> list[tuple[str, int, int, str]]:
    """Role, most tokens, part of the reservation that was used in percent, how it ended."""
    return draw(
        st.lists(
            st.tuples(
                st.sampled_from(ROLES),
                st.integers(1, 5000),
                st.integers(0, 100),
                st.sampled_from(["settled", "forfeited", "killed"]),
            ),
            max_size=25,
        )
    )


@given(steps(), st.integers(1, 40_000))
def test_no_run_spends_more_than_it_may(calls: list[tuple[str, int, int, str]], limit: int) -> None:
    """However calls end and processes die; and what is remembered is what was spent."""
    budget = Budget(max_tokens=limit, max_cost=Decimal("0.02"))
    expected = 0
    for role, max_tokens, percent, end in calls:
        try:
            reservation = reserve(budget, a_request(role=role, max_tokens=max_tokens))
        except BudgetSpentError:
            continue
        if end == "settled":
            used = reservation.tokens * percent // 100
            budget.settle(reservation, Usage(input_tokens=used))
            expected += used
        elif end == "forfeited":
            budget.forfeit(reservation)
            expected += reservation.tokens
        else:
            state = BudgetState.model_validate_json(budget.state.model_dump_json())
            budget = Budget(max_tokens=limit, max_cost=Decimal("0.02"), state=state)
            expected += reservation.tokens
        assert budget.total.tokens == expected <= limit
        assert budget.total.cost is not None
        assert budget.total.cost <= Decimal("0.02")
        assert budget.total == sum(budget.by_role.values(), start=type(budget.total)())


def test_any_model_can_be_budgeted() -> None:
    scripted = ScriptedModel(Step(answer("ok", usage=Usage(output_tokens=3))))
    budget = Budget()
    asyncio.run(BudgetedModel(scripted, budget).complete(a_request()))
    assert budget.total.tokens == 3
