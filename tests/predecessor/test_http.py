"""Defects 3 and 38 to 47: what compiles and is wrong when somebody calls it.

The smoke test of the run proved the whole matrix; these ask for what its report does not show.
"""

import json
import uuid
from typing import Any

import pytest
from tests.predecessor.conftest import MOTTO, Api, Verified
from tests.typescript import members

pytestmark = pytest.mark.node

DATE = "2024-02-29T10:00:00.000Z"


def ids(page: Any) -> set[str]:
    return {row["id"] for row in page["data"]}


def test_defect_03_sign_up_asks_for_what_a_person_has(api: Api) -> None:
    account = {"username": "anna", "email": "anna@example.com", "password": "Long-4711-enough"}
    status, user = api.ask(None, "POST", "/signup", account)
    assert status == 201
    assert "password" not in json.dumps(user).lower()
    login = {"username": account["username"], "password": account["password"]}
    status, tokens = api.ask(None, "POST", "/auth/login", login)
    assert status == 201
    assert set(tokens) == {"accessToken", "refreshToken"}


def test_defect_08_read_any_is_read_any(api: Api) -> None:
    row = api.product("seen by all")
    assert api.ask("user.a", "GET", f"/products/{row['id']}")[0] == 200
    assert api.ask("user.a", "PATCH", f"/products/{row['id']}", {"name": "mine"})[0] == 403
    assert api.ask("manager.a", "PATCH", f"/products/{row['id']}", {"name": "ours"})[0] == 200


def test_defect_25_texts_arrive_as_they_were_written(api: Api) -> None:
    row = api.product("quoted")
    assert (row["motto"], row["condition"]) == (MOTTO, "it's used")


def test_defect_38_dates_are_taken(api: Api) -> None:
    assert api.product("dated", soldAt=DATE)["soldAt"] == DATE


@pytest.mark.parametrize("value", [{"k": "v", "deep": [{"a": None}]}, [1, "two"], "text", 3])
def test_defect_39_json_is_kept(value: Any, api: Api) -> None:
    row = api.product("with json", attributes=value)
    assert row["attributes"] == value
    assert api.ask("user.a", "GET", f"/products/{row['id']}")[1]["attributes"] == value


def test_defect_40_own_scope_limits_the_owner_only(api: Api) -> None:
    mine = api.make("user.a", "/reviews", stars=1)["id"]
    theirs = api.make("user.b", "/reviews", stars=2)["id"]
    assert {mine, theirs} <= ids(api.ask("admin.a", "GET", "/reviews")[1])
    seen = ids(api.ask("user.a", "GET", "/reviews")[1])
    assert mine in seen
    assert theirs not in seen


def test_defect_40_the_callers_filter_is_kept(api: Api) -> None:
    four = api.make("user.a", "/reviews", stars=4)["id"]
    five = api.make("user.a", "/reviews", stars=5)["id"]
    other = api.make("user.b", "/reviews", stars=4)["id"]
    for query in ("filter=stars||$eq||4", "or=stars||$eq||4"):
        status, page = api.ask("user.a", "GET", f"/reviews?{query}")
        assert status == 200, page
        assert four in ids(page)
        assert not {five, other} & ids(page)


def test_defect_41_the_owner_is_the_caller(api: Api) -> None:
    a, b = api.people.users["user.a"], api.people.users["user.b"]
    row = api.make("user.a", "/reviews", stars=3)
    assert row["userId"] == a
    assert api.ask("user.a", "GET", f"/reviews/{row['id']}")[0] == 200
    status, answer = api.ask("user.a", "PATCH", f"/reviews/{row['id']}", {"userId": b})
    assert status in {400, 403}, answer
    status, made = api.ask("user.a", "POST", "/reviews", {"stars": 3, "userId": b})
    assert status != 201 or made["userId"] == a
    assert api.ask("user.a", "GET", f"/reviews/{row['id']}")[1]["userId"] == a


def test_defect_42_a_deleted_row_can_be_recovered(api: Api) -> None:
    row = api.make("user.a", "/reviews", stars=2)["id"]
    assert api.ask("user.a", "DELETE", f"/reviews/{row}")[0] in {200, 204}
    assert api.ask("user.a", "GET", f"/reviews/{row}")[0] == 404
    status, answer = api.ask("user.a", "PATCH", f"/reviews/recover/{row}")
    assert status == 200, answer
    assert api.ask("user.a", "GET", f"/reviews/{row}")[0] == 200


def test_defect_43_no_grant_is_refused_and_no_error(api: Api) -> None:
    for person, status in (("user.a", 403), ("manager.a", 403), (None, 401), ("admin.a", 200)):
        assert api.ask(person, "GET", "/settings")[0] == status, person


def test_defect_44_one_to_one_can_be_made_once(api: Api) -> None:
    product = api.product("detailed")["id"]
    detail = {"text": "the text", "productId": product}
    assert api.make("admin.a", "/details", **detail)["productId"] == product
    status, answer = api.ask("admin.a", "POST", "/details", detail)
    assert (status, answer["statusCode"]) == (409, 409)


def test_defect_45_self_relation_and_two_to_one_target(api: Api) -> None:
    parent = api.category("parent")
    assert api.make("admin.a", "/categories", name="child", parentId=parent)["parentId"] == parent
    row = api.product("with two", fallbackId=parent)
    assert row["fallbackId"] == parent
    assert row["categoryId"] not in {None, parent}


def test_defect_45_many_to_many_is_a_junction(api: Api) -> None:
    tag = api.make("admin.a", "/tags", label="new")["id"]
    pair = {"productId": api.product("tagged")["id"], "tagId": tag}
    made = api.make("admin.a", "/product-tags", **pair)
    assert {key: made[key] for key in pair} == pair
    assert api.ask("admin.a", "POST", "/product-tags", pair)[0] == 409


def test_defect_46_a_default_is_not_required_and_a_float_is_a_number(api: Api) -> None:
    row = api.product("priced", price=1.5)
    assert (row["stock"], row["price"]) == (0, 1.5)
    again = api.ask("admin.a", "GET", f"/products/{row['id']}")[1]
    assert (again["stock"], again["price"]) == (0, 1.5)


def test_defect_47_refusals_have_their_own_status(api: Api) -> None:
    theirs = api.make("user.b", "/reviews", stars=1)["id"]
    assert api.ask("user.a", "GET", f"/reviews/{theirs}")[0] in {403, 404}
    assert api.ask("admin.a", "GET", f"/products/{uuid.uuid4()}")[0] == 404
    assert api.ask("admin.a", "GET", "/products/not-an-id")[0] == 400
    name = f"unique {uuid.uuid4()}"
    api.category(name[:40])
    assert api.ask("admin.a", "POST", "/categories", {"name": name[:40]})[0] == 409
    orphan = {"name": "x", "price": 1, "categoryId": str(uuid.uuid4())}
    status, answer = api.ask("admin.a", "POST", "/products", orphan)
    assert status in {400, 404, 409}, answer


def test_defect_47_a_list_has_a_limit(api: Api) -> None:
    many = {"bulk": [{"label": f"tag {number}"} for number in range(25)]}
    assert api.ask("admin.a", "POST", "/tags/bulk", many)[0] == 201
    page = api.ask("user.a", "GET", "/tags")[1]
    assert (len(page["data"]), page["page"]) == (20, 1)
    assert page["total"] >= 25
    assert len(api.ask("user.a", "GET", "/tags?limit=1000000")[1]["data"]) <= 100


def test_defect_23_names_of_nests_own_classes(verified: Verified, api: Api) -> None:
    for route in ("/apps", "/cruds", "/shelves", "/news"):
        assert api.ask("user.a", "GET", route)[0] == 200, route
    text = (verified.project / "src/app.acl.ts").read_text()
    assert {"App", "Crud"} <= set(members(text, "AppResource"))
