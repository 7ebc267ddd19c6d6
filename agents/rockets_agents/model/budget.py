"""What a run may spend: set aside before a call, settled after, remembered over a restart."""

import asyncio
from collections.abc import Callable, Mapping
from decimal import Decimal

from pydantic import Field

from rockets_tools.errors import Problem

from .errors import BudgetSpentError, PriceUnknownError
from .estimate import estimate_prompt
from .messages import Part
from .prices import PRICES_AS_OF, cost_of, prices_of
from .request import ModelRequest, RoleName
from .usage import Usage


class Reservation(Part):
    """Set aside for one call: the most it should take."""

    number: int
    role: RoleName
    task: str
    model: str
    tokens: int = Field(ge=0)
    cost: Decimal | None = Field(ge=0)
    """US dollars; None when the model's prices are not known."""


class Spent(Part):
    """What one role, or all of them, have spent."""

    calls: int = Field(default=0, ge=0)
    usage: Usage = Usage()
    unsettled_tokens: int = Field(default=0, ge=0)
    """Of calls that were killed in flight: all that was set aside counts as spent."""
    known_cost: Decimal = Field(default=Decimal(0), ge=0)
    """US dollars of the calls whose price is known."""
    unknown_calls: int = Field(default=0, ge=0)
    """Calls whose price is not."""

    @property
    def tokens(self) -> int:
        return self.usage.total_tokens + self.unsettled_tokens

    @property
    def cost(self) -> Decimal | None:
        """US dollars; None, never too little, when the price of a call is not known."""
        return None if self.unknown_calls else self.known_cost

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            calls=self.calls + other.calls,
            usage=self.usage + other.usage,
            unsettled_tokens=self.unsettled_tokens + other.unsettled_tokens,
            known_cost=self.known_cost + other.known_cost,
            unknown_calls=self.unknown_calls + other.unknown_calls,
        )


class BudgetState(Part):
    """Goes into the run's state file as it is."""

    spent: Mapping[RoleName, Spent] = Field(default_factory=dict[RoleName, Spent])
    open: tuple[Reservation, ...] = ()
    """Calls in flight; when a process dies, these are what it may have spent unseen."""
    next_number: int = 1


class Budget:
    """Belongs to one event loop. A limit of None is no limit."""

    def __init__(
        self,
        *,
        max_tokens: int | None = None,
        max_cost: Decimal | None = None,
        state: BudgetState | None = None,
        on_change: Callable[[BudgetState], None] | None = None,
    ) -> None:
        """`state` is that of an earlier process: what it had in flight counts as spent.

        `on_change` is called before a reservation is used and after each settlement; what it
        writes is what a resume starts from.
        """
        self.max_tokens = max_tokens
        """All four kinds of tokens together."""
        self.max_cost = max_cost
        """US dollars."""
        self._on_change = on_change
        self._settled = asyncio.Event()
        self._state = state or BudgetState()
        for left in self._state.open:
            self._close(left, _unsettled(left))

    @property
    def state(self) -> BudgetState:
        return self._state

    @property
    def by_role(self) -> Mapping[RoleName, Spent]:
        return self._state.spent

    @property
    def total(self) -> Spent:
        return sum(self._state.spent.values(), start=Spent())

    async def reserve(self, request: ModelRequest) -> Reservation:
        """Set aside what the call may take; waits for calls in flight if only they are in the way.

        Raises:
            BudgetSpentError: it does not fit into what is left.
            PriceUnknownError: there is a limit of cost, and the model's prices are not known.
        """
        while True:
            wanted = self._wanted(request)
            obstacle = self._obstacle(wanted)
            if obstacle is None:
                break
            if not self._state.open or self._obstacle(wanted, in_flight=False) is not None:
                raise self._spent(request, obstacle)
            self._settled.clear()
            await self._settled.wait()
        self._change(
            BudgetState(
                spent=self._state.spent,
                open=(*self._state.open, wanted),
                next_number=wanted.number + 1,
            )
        )
        return wanted

    def settle(self, reservation: Reservation, *usages: Usage) -> None:
        """What the call really took: one usage for each attempt, or for those that broke."""
        spent = Spent(calls=1)
        for usage in usages:
            if usage.total_tokens:
                cost = cost_of(reservation.model, usage)
                spent += Spent(
                    usage=usage, known_cost=cost or Decimal(0), unknown_calls=int(cost is None)
                )
        self._close(reservation, spent)

    def forfeit(self, reservation: Reservation) -> None:
        """Nobody knows what the call took: all that was set aside counts as spent."""
        self._close(reservation, _unsettled(reservation))

    def _wanted(self, request: ModelRequest) -> Reservation:
        prompt = estimate_prompt(request)
        # At the dearest rate a prompt can be read at: written to the cache for an hour.
        most = Usage(
            output_tokens=request.max_tokens,
            cache_write_tokens=prompt,
            cache_write_1h_tokens=prompt,
        )
        cost = cost_of(request.model, most)
        if self.max_cost is not None and prices_of(request.model) is None:
            raise PriceUnknownError(
                Problem(
                    code="model-price-unknown",
                    message=f"No price of {request.model} is known (table of {PRICES_AS_OF}),"
                    " so its cost cannot be limited.",
                    fix="Use --max-tokens in place of --max-cost, or another model.",
                )
            )
        return Reservation(
            number=self._state.next_number,
            role=request.role,
            task=request.task,
            model=request.model,
            tokens=most.total_tokens,
            cost=cost,
        )

    def _obstacle(self, wanted: Reservation, *, in_flight: bool = True) -> str | None:
        """Why the call does not fit."""
        total = self.total
        others = self._state.open if in_flight else ()
        tokens = total.tokens + sum(other.tokens for other in others)
        if self.max_tokens is not None and tokens + wanted.tokens > self.max_tokens:
            return (
                f"{total.tokens:,} of {self.max_tokens:,} tokens are spent"
                f" and the call may take {wanted.tokens:,}"
            )
        cost = total.known_cost + sum((other.cost or Decimal(0) for other in others), Decimal(0))
        needed = wanted.cost or Decimal(0)
        if self.max_cost is not None and cost + needed > self.max_cost:
            return (
                f"${total.known_cost:.4f} of ${self.max_cost:.4f} are spent"
                f" and the call may cost ${needed:.4f}"
            )
        return None

    def _spent(self, request: ModelRequest, obstacle: str) -> BudgetSpentError:
        roles = ", ".join(f"{role} {spent.tokens:,}" for role, spent in self._state.spent.items())
        return BudgetSpentError(
            Problem(
                code="budget-spent",
                message=f"The budget does not hold another call of the {request.role}: {obstacle}"
                f" (tokens by role: {roles or 'none yet'}).",
                fix="Raise --max-tokens or --max-cost, then use --resume.",
            ),
            role=request.role,
            task=request.task,
            model=request.model,
        )

    def _close(self, reservation: Reservation, spent: Spent) -> None:
        before = self._state.spent.get(reservation.role, Spent())
        self._change(
            BudgetState(
                spent={**self._state.spent, reservation.role: before + spent},
                open=tuple(o for o in self._state.open if o.number != reservation.number),
                next_number=self._state.next_number,
            )
        )
        self._settled.set()

    def _change(self, state: BudgetState) -> None:
        self._state = state
        if self._on_change is not None:
            self._on_change(state)


def _unsettled(reservation: Reservation) -> Spent:
    return Spent(
        calls=1,
        unsettled_tokens=reservation.tokens,
        known_cost=reservation.cost or Decimal(0),
        unknown_calls=int(reservation.cost is None),
    )
