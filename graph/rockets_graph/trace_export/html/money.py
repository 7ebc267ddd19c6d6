"""Tokens and cost by role."""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from rockets_graph.trace.events import ModelAnswered, ModelFailed, Tokens
from rockets_graph.trace_export.html.story import LANES, Spending


@dataclass(kw_only=True)
class Account:
    calls: int = 0
    failed: int = 0
    models: dict[str, None] = field(default_factory=dict[str, None])
    usage: Tokens = field(default_factory=Tokens)
    cost: Decimal = Decimal(0)
    unpriced: int = 0
    """Calls whose price is not known."""

    def add(self, *tokens: Tokens) -> None:
        every = (self.usage, *tokens)
        self.usage = Tokens(
            prompt_tokens=sum(one.prompt_tokens for one in every),
            output_tokens=sum(one.output_tokens for one in every),
            cache_read_tokens=sum(one.cache_read_tokens for one in every),
            cache_write_tokens=sum(one.cache_write_tokens for one in every),
        )


class Accounts:
    def __init__(self) -> None:
        self.roles: dict[str, Account] = {}
        self.total = Account()

    def book(self, event: ModelAnswered | ModelFailed, model: str) -> None:
        answered = (event.usage,) if isinstance(event, ModelAnswered) else ()
        price = money(event.cost)
        if event.cost is None and not answered and event.lost == Tokens():
            price = Decimal(0)  # a call that never reached the model
        for account in (self.roles.setdefault(event.role, Account()), self.total):
            account.calls += 1
            account.failed += isinstance(event, ModelFailed)
            account.models[model] = None
            account.add(event.lost, *answered)
            if price is None:
                account.unpriced += 1
            else:
                account.cost += price

    def rows(self) -> list[Spending]:
        """A row for each role that asked a model, then all together."""
        if not self.roles:
            return []
        rows = [
            self._row(role, account)
            for role, account in sorted(
                self.roles.items(), key=lambda item: LANES.index(lane(item[0]))
            )
        ]
        return [*rows, self._row("all", self.total, total=True)]

    def _row(self, role: str, account: Account, *, total: bool = False) -> Spending:
        usage = account.usage
        counts = (
            account.calls,
            usage.prompt_tokens,
            usage.cache_read_tokens,
            usage.cache_write_tokens,
            usage.output_tokens,
            usage.total,
        )
        return Spending(
            role=role,
            lane=lane(role),
            models="" if total else ", ".join(account.models),
            numbers=(*(f"{count:,}" for count in counts), cost_text(account)),
            share=round(usage.total / max(1, self.total.usage.total), 4),
            total=total,
        )


def money(cost: str | None) -> Decimal | None:
    """US dollars as a trace has them; None when not known or no amount."""
    try:
        amount = Decimal(cost) if cost is not None else None
    except InvalidOperation:
        return None
    return amount if amount is not None and amount.is_finite() and abs(amount) < 10**9 else None


def dollars(amount: Decimal) -> str:
    """Cents, or less where it is less than a dollar."""
    return f"${amount:,.2f}" if amount >= 1 else f"${amount:.4f}"


def cost_text(account: Account) -> str:
    """What was spent, as far as prices are known."""
    if account.unpriced == account.calls:
        return "not known"
    return f"{'over ' if account.unpriced else ''}{dollars(account.cost)}"


def lane(role: str) -> str:
    """The timeline's lane of a role."""
    return role if role in LANES else "script"
