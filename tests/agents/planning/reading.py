"""A document, what the Lead makes of it, and how it is asked over HTTP."""

import asyncio
import json
import re
from copy import deepcopy
from typing import Any

from tests.agents.conftest import Client
from tests.agents.messages_replies import Reply, say
from tests.agents.messages_server import Call, MessagesServer

from rockets_agents.loop import Seat
from rockets_agents.model.budget import Budget
from rockets_agents.planning import Drafted, draft_plan, revise_plan
from rockets_tools.documents import Prose

MODEL = "claude-opus-5-5"
LIBRARY = Prose(
    file="library.md",
    text="""\
# Town library

The library lends copies of books. A book has a title, at most 200 characters, and an ISBN that
no other book has. Each copy belongs to one book and has a shelf mark.

## Loans

A loan is one copy, lent to one reader from a day to a day. A loan is open, returned or overdue.
Readers see their own loans. Librarians create loans and see all of them.

## Behaviour

Every night loans whose last day has passed become overdue, and the reader is told by e-mail.

## Books

Everybody who is logged in can look at books and copies; librarians maintain them.
""",
)
ALL = ["create", "read", "update", "delete"]


def grant(possession: str, operations: list[str], source: str) -> dict[str, Any]:
    return {"possession": possession, "operations": operations, "x-source": source}


def to_books(source: str = "17") -> dict[str, Any]:
    return {
        "librarian": grant("any", ALL, source),
        "user": grant("any", ["read"], source),
        "admin": {"operations": ALL, "x-guess": "Somebody has to keep the system."},
    }


PLAN: dict[str, Any] = {
    "entities": [
        {
            "entityName": "Book",
            "x-source": "3-4",
            "fields": [
                {"name": "title", "maxLength": 200, "x-source": "3"},
                {"name": "isbn", "unique": True, "x-source": "3-4"},
            ],
            "acl": to_books(),
        },
        {
            "entityName": "Copy",
            "x-source": "3-4",
            "fields": [{"name": "shelfMark", "x-source": "4"}],
            "relations": [{"targetEntity": "Book", "nullable": False, "x-source": "4"}],
            "acl": to_books(),
        },
        {
            "entityName": "Loan",
            "x-source": "8-9",
            "fields": [
                {"name": "from", "type": "date", "x-source": "8"},
                {"name": "to", "type": "date", "x-source": "8"},
                {
                    "name": "status",
                    "type": "enum",
                    "enumValues": ["open", "returned", "overdue"],
                    "default": "open",
                    "x-source": "8",
                },
            ],
            "relations": [
                {"targetEntity": "Copy", "nullable": False, "x-source": "8"},
                {"name": "reader", "targetEntity": "User", "nullable": False, "x-source": "8",
                 "foreignKey": "readerId"},
            ],
            "ownerField": "readerId",
            "acl": {
                "user": grant("own", ["read"], "9"),
                "librarian": grant("any", ["create", "read"], "9"),
                "admin": {"operations": ALL, "x-guess": "Somebody has to keep the system."},
            },
        },
    ],
    "nonCrud": [
        {
            "name": "overdue-loans",
            "type": "notification",
            "description": "Every night: loans past their last day become overdue; reader is told.",
            "x-source": "13",
        }
    ],
}  # fmt: skip
QUESTION: dict[str, Any] = {
    "id": "loan-period",
    "about": ["Loan.to"],
    "text": "Who sets the last day of a loan?",
    "options": ["The librarian, per loan", "Fourteen days, always"],
    "assumption": "The librarian, per loan",
}
ANSWER: dict[str, Any] = {
    "plan": PLAN,
    "refusal": None,
    "removed": [],
    "questions": [QUESTION],
    "assumptions": [{"about": "Book.isbn", "text": "An ISBN is any text; its digits are free."}],
    "noticed": [],
}


def changed(**changes: Any) -> dict[str, Any]:
    return {**deepcopy(ANSWER), **changes}


def with_plan(change: Any) -> dict[str, Any]:
    """The good answer after `change(plan)`."""
    answer = deepcopy(ANSWER)
    change(answer["plan"])
    return answer


def says(answer: Any) -> Reply:
    return say(json.dumps(answer, ensure_ascii=False))


def seat(model: Any) -> Seat:
    return Seat(model=model, model_id=MODEL, task="plan", node="lead_plan")


def draft(
    client: Client,
    server: MessagesServer,
    *replies: Reply,
    document: Prose = LIBRARY,
    budget: Budget | None = None,
    **how: Any,
) -> Drafted:
    """`draft_plan` through the real client; `replies` in the order of the calls."""
    if replies:
        server.on(*replies, role="lead", task="plan")

    async def go() -> Drafted:
        async with client.model() as model:
            return await draft_plan(document, seat=seat(model), budget=budget or Budget(), **how)

    return asyncio.run(go())


def revise(
    client: Client, server: MessagesServer, before: Drafted, *replies: Reply, **how: Any
) -> Drafted:
    document = how.pop("document", LIBRARY)
    if replies:
        server.on(*replies, role="lead", task="plan")

    async def go() -> Drafted:
        async with client.model() as model:
            budget = Budget(state=before.budget)
            return await revise_plan(document, before, seat=seat(model), budget=budget, **how)

    return asyncio.run(go())


FENCE = re.compile(r'<data-(\w{16}) from="[^"]*">\n.*?\n</data-\1>', re.DOTALL)


def said(call: Call, number: int = -1) -> str:
    """The text of a user's message of a request."""
    content = call.body["messages"][number]["content"]
    return content if isinstance(content, str) else "\n".join(part["text"] for part in content)


def outside_fences(call: Call) -> str:
    """What a request says in our own voice, beside the system prompt."""
    return FENCE.sub("", said(call, 0))


def loose(plan: object) -> Any:
    """A plan to look into: what is where, the assertions say."""
    return plan
