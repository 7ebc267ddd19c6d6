"""A model that asks the budget first."""

from .budget import Budget, Reservation
from .errors import ModelError
from .protocol import Model, OnDelta
from .request import ModelRequest
from .response import ModelResponse


class BudgetedModel:
    """Wraps any `Model`; a call that does not fit is not sent."""

    def __init__(self, model: Model, budget: Budget) -> None:
        self._model = model
        self._budget = budget

    async def complete(
        self, request: ModelRequest, *, on_delta: OnDelta | None = None
    ) -> ModelResponse:
        reservation = await self._budget.reserve(request)
        response = await self._ask(request, reservation, on_delta)
        self._budget.settle(reservation, response.usage, response.lost)
        return response

    async def _ask(
        self, request: ModelRequest, reservation: Reservation, on_delta: OnDelta | None
    ) -> ModelResponse:
        unknown = True
        try:
            response = await self._model.complete(request, on_delta=on_delta)
            unknown = False
        except ModelError as error:
            self._budget.settle(reservation, error.lost)
            unknown = False
            raise
        finally:
            if unknown:  # cancelled, interrupted or a mistake of ours: the call may be billed
                self._budget.forfeit(reservation)
        return response
