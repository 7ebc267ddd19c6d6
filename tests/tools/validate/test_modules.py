"""Modules with behaviour: in order as they are, and one finding for each thing taken away."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.behaviour_modules import MODULES, answered, orders, orders_project

from rockets_tools.files import ProjectFiles
from rockets_tools.integrate import integrate_modules
from rockets_tools.validate import validate

FLOW, REMIND = "src/modules/order-fulfilment", "src/modules/order-reminder"
CONTROLLER = f"{FLOW}/order-fulfilment.controller.ts"
MACHINE = f"{FLOW}/order-fulfilment-state-machine.service.ts"
TRANSITION = f"{FLOW}/dtos/order-transition.dto.ts"
NOTIFICATION = f"{REMIND}/order-reminder-notification.service.ts"
REMINDER = f"{REMIND}/order-reminder.controller.ts"
CREATE = f"{REMIND}/dtos/order-reminder-create.dto.ts"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> ProjectFiles:
    files = orders_project(tmp_path_factory.mktemp("modules") / "orders")
    integrate_modules(files, [answered(name) for name in MODULES])
    return files


def found(files: ProjectFiles, texts: dict[str, str] | None = None) -> list[tuple[str, str, int]]:
    result = validate(files, plan=orders(), texts=texts or {}, migrations=False)
    return [(issue.rule, issue.file, issue.line) for issue in result.issues]


def test_modules_in_order_have_no_finding(whole: ProjectFiles) -> None:
    assert found(whole) == []
    assert validate(whole, migrations=False).issues == ()


@dataclass(frozen=True)
class Mutation:
    """One text replaced, and the one finding that follows."""

    path: str
    old: str
    new: str
    rule: str
    at: str
    """Text of the line it is found on, in the changed file or in the controller that uses it."""
    file: str = ""
    """Where it is found; empty: in the changed file."""


TAKES = "@Body() reminder"
BODY = "@Body() reminder: OrderReminderCreateDto"
BASE = "class Base {\n  x!: string;\n}\n\n"
INPUT = "input-without-validation"

MUTATIONS = {
    "no grant": Mutation(
        CONTROLLER,
        "  @AccessControlUpdateOne(OrderFulfilmentResource.One)\n",
        "",
        "handler-without-grant",
        "  transition(",
    ),
    "a grant of its own making": Mutation(
        REMINDER,
        "from '@concepta/nestjs-access-control'",
        "from './grants'",
        "handler-without-grant",
        "  async remind(",
    ),
    "a public class": Mutation(
        REMINDER, "@ApiBearerAuth()", "@AuthPublic()", "handler-public", "  async remind("
    ),
    "a public handler": Mutation(
        REMINDER, "  @Post()", "  @AuthPublic()\n  @Post()", "handler-public", "  async remind("
    ),
    "guard metadata by hand": Mutation(
        REMINDER,
        "  @Post()",
        "  @SetMetadata('ACCESS_CONTROL_MODULE_GRANT_METADATA', undefined)\n  @Post()",
        "handler-public",
        "  async remind(",
    ),
    "an unknown prefix": Mutation(
        REMINDER,
        "@Controller('order-reminders')",
        "@Controller(prefix())",
        "handler-route-unknown",
        "  async remind(",
    ),
    "an undefined resource": Mutation(
        f"{REMIND}/constants/order-reminder.constants.ts",
        "'order-reminder'",
        "'order-reminders'",
        "acl-resource-defined",
        "  async remind(",
        REMINDER,
    ),
    "own rows without a look whose": Mutation(
        CONTROLLER,
        "@AccessControlQuery({ service: OrderAccessQueryService })\n",
        "",
        "own-scope-enforced",
        "  show(",
    ),
    "own rows by a parameter nobody looks at": Mutation(
        CONTROLLER, "@Get(':id')", "@Get(':orderId')", "own-scope-enforced", "  show("
    ),
    "a repository": Mutation(
        MACHINE,
        "constructor(private readonly orders: OrderModelService) {}",
        "constructor(private readonly orders: Repository<OrderEntity>) {}",
        "service-bypasses-model",
        "  constructor(",
    ),
    "a repository out of a model service": Mutation(
        NOTIFICATION,
        "return this.notices.update({",
        "return this.notices.repository().save({",
        "service-bypasses-model",
        "this.notices.repository()",
    ),
    "an injected repository": Mutation(
        NOTIFICATION,
        "private readonly channel",
        "@InjectRepository(OrderEntity) private readonly channel",
        "inject-repository-location",
        "@InjectRepository(",
    ),
    "a status past the map": Mutation(
        MACHINE,
        "if (!TRANSITIONS[status].includes(to)) {",
        "if (status === to) {",
        "state-machine-direct-status",
        "this.orders.update(",
    ),
    "a dispatch before the record": Mutation(
        NOTIFICATION,
        "    const recipient = order.customer.email;\n",
        "    const recipient = order.customer.email;\n    await this.channel.send({ text: '' });\n",
        "notification-audit-first",
        "send({ text: '' })",
    ),
    "a record nobody waits for": Mutation(
        NOTIFICATION,
        "const { id } = await this.notices.create(",
        "const { id } = this.notices.create(",
        "notification-audit-first",
        "this.channel.send(",
    ),
    "a body as an interface": Mutation(
        CREATE,
        "export class OrderReminderCreateDto {",
        "export interface OrderReminderCreateDto {",
        INPUT,
        TAKES,
        REMINDER,
    ),
    "a body imported as a type": Mutation(
        REMINDER,
        "import { OrderReminderCreateDto }",
        "import type { OrderReminderCreateDto }",
        INPUT,
        TAKES,
    ),
    "one name imported as a type": Mutation(
        REMINDER,
        "import { OrderReminderCreateDto }",
        "import { type OrderReminderCreateDto }",
        INPUT,
        TAKES,
    ),
    "a body as a record": Mutation(
        REMINDER, BODY, "@Body() reminder: Record<string, string>", INPUT, TAKES
    ),
    "a body of several": Mutation(REMINDER, BODY, f"{BODY}[]", INPUT, TAKES),
    "a body without a type": Mutation(REMINDER, BODY, TAKES, INPUT, TAKES),
    "one property of a body": Mutation(
        REMINDER, BODY, "@Body('message') reminder: string", INPUT, "@Body('message')"
    ),
    "a query as a text": Mutation(
        REMINDER, BODY, "@Query() reminder: string", INPUT, "@Query() reminder"
    ),
    "a property nobody checks": Mutation(
        TRANSITION, "  @IsEnum(OrderStatus)\n", "", INPUT, "@Body()", CONTROLLER
    ),
    "a property that may be anything": Mutation(
        TRANSITION, "@IsEnum(OrderStatus)", "@IsOptional()", INPUT, "@Body()", CONTROLLER
    ),
    "a base class nobody checks": Mutation(
        TRANSITION,
        "export class OrderTransitionDto {",
        f"{BASE}export class OrderTransitionDto extends Base {{",
        INPUT,
        "@Body()",
        CONTROLLER,
    ),
    "a mixin of what nobody checks": Mutation(
        TRANSITION,
        "export class OrderTransitionDto {",
        f"{BASE}export class OrderTransitionDto extends PartialType(Base) {{",
        INPUT,
        "@Body()",
        CONTROLLER,
    ),
    "any": Mutation(
        NOTIFICATION,
        "const recipient =",
        "const recipient: any =",
        "explicit-any",
        "recipient: any",
    ),
    "a cast to any": Mutation(
        NOTIFICATION, "order.customer.email;", "(order as any).email;", "explicit-any", "as any"
    ),
    "something to do": Mutation(
        NOTIFICATION,
        "    const recipient",
        "    // TODO: more channels\n    const recipient",
        "left-to-do",
        "TODO",
    ),
    "nothing done": Mutation(
        NOTIFICATION,
        "throw new ServiceUnavailableException('The reminder",
        "throw new Error('Not implemented yet: the reminder",
        "left-to-do",
        "Not implemented",
    ),
    "a silenced compiler": Mutation(
        NOTIFICATION,
        "    const recipient",
        "    // @ts-expect-error the types are wrong\n    const recipient",
        "check-silenced",
        "@ts-expect-error",
    ),
    "a silenced linter": Mutation(
        NOTIFICATION,
        "    const recipient",
        "    /*\n     * eslint-disable no-console\n     */\n    const recipient",
        "check-silenced",
        "eslint-disable",
    ),
    "no import in the root module": Mutation(
        "src/app.module.ts",
        "    OrderReminderModule,\n",
        "",
        "module-imported",
        "export class OrderReminderModule",
        f"{REMIND}/order-reminder.module.ts",
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_one_thing_taken_away_is_one_finding(name: str, whole: ProjectFiles) -> None:
    mutation = MUTATIONS[name]
    text = whole.read(mutation.path) or ""
    assert text.count(mutation.old) == 1
    changed = text.replace(mutation.old, mutation.new)
    where = mutation.file or mutation.path
    lines = (changed if where == mutation.path else whole.read(where) or "").splitlines()
    line = next(number for number, row in enumerate(lines, start=1) if mutation.at in row)
    assert found(whole, {mutation.path: changed}) == [(mutation.rule, where, line)]


def test_a_route_through_a_decorator_of_its_own_is_no_way_around(whole: ProjectFiles) -> None:
    text = (whole.read(REMINDER) or "").replace(
        "  @Post()\n  @AccessControlCreateOne(OrderReminderResource.One)\n", "  @OpenPost()\n"
    )
    rules = [rule for rule, *_ in found(whole, {REMINDER: text})]
    assert rules == ["handler-route-unknown", "handler-without-grant"]


CHANNEL = "    private readonly channel: OrderReminderChannel,\n"


def with_source(files: ProjectFiles, uses: str) -> str:
    """The notification service with a DataSource."""
    text = files.read(NOTIFICATION) or ""
    method = f"{CHANNEL}    private readonly source: DataSource,\n  ) {{}}\n\n"
    return text.replace(f"{CHANNEL}  ) {{}}\n", f"{method}  all() {{\n    return {uses};\n  }}\n")


@pytest.mark.parametrize(
    "uses",
    [
        "this.source.query('SELECT 1')",
        "this.source['query']('SELECT 1')",
        "this.source.manager.find(OrderEntity)",
        "this.source.transaction((manager) => manager.save({}))",
        "this.source.createQueryRunner()",
        "this.source.getRepository(OrderEntity)",
    ],
)
def test_a_data_source_serves_transactions_only(uses: str, whole: ProjectFiles) -> None:
    issues = found(whole, {NOTIFICATION: with_source(whole, uses)})
    assert [rule for rule, *_ in issues] == ["service-bypasses-model"]


def test_a_transaction_handed_to_model_services_is_fine(whole: ProjectFiles) -> None:
    uses = "this.source.transaction(() => this.orders.find({}))"
    assert found(whole, {NOTIFICATION: with_source(whole, uses)}) == []


@pytest.mark.parametrize(
    "name",
    ["refund.entity.ts", "refund-model.service.ts", "refund-typeorm-crud.adapter.ts"],
)
def test_tables_by_hand_are_no_part_of_such_a_module(name: str, whole: ProjectFiles) -> None:
    path = f"{REMIND}/{name}"
    assert ("crud-module-generated", path, 1) in found(whole, {path: "export class Refund {}\n"})


def granting(text: str) -> str:
    """A controller that imports the general decorator, too."""
    return text.replace("AccessControlCreateOne }", "AccessControlCreateOne, AccessControlGrant }")


@pytest.mark.parametrize(
    "grant",
    [
        "{ resource: OrderReminderResource.One, action: anyAction() }",
        "{ resource: resourceOf(), action: ActionEnum.CREATE }",
        "everything",
        "",
    ],
)
def test_a_grant_that_cannot_be_told_is_none(grant: str, whole: ProjectFiles) -> None:
    text = granting(whole.read(REMINDER) or "").replace(
        "@AccessControlCreateOne(OrderReminderResource.One)", f"@AccessControlGrant({grant})"
    )
    assert [rule for rule, *_ in found(whole, {REMINDER: text})] == ["handler-without-grant"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@Body() reminder: OrderReminderCreateDto", "@Query() reminder: OrderReminderCreateDto"),
        ("@Body() reminder: OrderReminderCreateDto", "@Body('x', new ParseIntPipe()) x: number"),
        ("@Controller('order-reminders')", "@Controller({ path: 'order-reminders' })"),
        ("@Controller('order-reminders')", "@Controller(['order-reminders', 'reminders'])"),
        ("@Post()", "@Post(`now`)"),
        ("@Post()", "@Post(ROUTE)"),
        (
            "@AccessControlCreateOne(OrderReminderResource.One)",
            "@AccessControlGrant({ action: 'create', resource: OrderReminderResource.One })",
        ),
    ],
)
def test_other_ways_to_write_it_are_fine(old: str, new: str, whole: ProjectFiles) -> None:
    text = whole.read(REMINDER) or ""
    assert old in text
    changed = granting(text.replace(old, new))
    changed = changed.replace("@ApiTags", "const ROUTE = 'now';\n\n@ApiTags", 1)
    assert found(whole, {REMINDER: changed}) == []


def test_own_rows_are_kept_by_who_hands_on_who_is_asking(whole: ProjectFiles) -> None:
    text = (whole.read(CONTROLLER) or "").replace(
        "@AccessControlQuery({ service: OrderAccessQueryService })\n", ""
    )
    asking = text.replace(
        "show(@Param('id', ParseUUIDPipe) id: string)",
        "show(@Param('id', ParseUUIDPipe) id: string, @AuthUser() user: UserEntity)",
    ).replace("this.stateMachine.show(id)", "this.stateMachine.show(id, user)")
    assert [rule for rule, *_ in found(whole, {CONTROLLER: text})] == ["own-scope-enforced"]
    assert found(whole, {CONTROLLER: asking}) == []


def test_a_planned_module_is_judged_before_it_is_integrated(tmp_path: Path) -> None:
    files = orders_project(tmp_path / "orders")
    files.write(
        CONTROLLER, (files.read(CONTROLLER) or "").replace("Promise<Order", "Promise<any|Order")
    )
    result = validate(files, plan=orders(), paths=[CONTROLLER])
    rules = {issue.rule for issue in result.issues}
    assert rules == {"explicit-any", "acl-resource-defined"}
    assert validate(files, paths=[CONTROLLER]).passed


OWN = """\
import { Controller, Get } from '@nestjs/common';

@Controller('health')
export class HealthController {
  @Get()
  check(): any {
    return {}; // TODO
  }
}
"""


def test_an_open_handler_of_the_users_own_is_a_warning(whole: ProjectFiles) -> None:
    path = "src/health/health.controller.ts"
    public = OWN.replace("@Controller", "@AuthPublic()\n@Controller")
    for text, line in ((OWN, 6), (public, 7)):
        result = validate(whole, texts={path: text}, migrations=False)
        assert result.passed
        assert [(i.rule, i.line) for i in result.issues] == [("open-handler", line)]
    granted = OWN.replace("  @Get()", "  @AccessControlReadOne('order')\n  @Get()")
    imported = (
        f"import {{ AccessControlReadOne }} from '@concepta/nestjs-access-control';\n{granted}"
    )
    assert validate(whole, texts={path: imported}, migrations=False).issues == ()


def test_what_the_template_ships_is_open_and_nothing_beside_it(whole: ProjectFiles) -> None:
    path = "src/modules/auth/signup.controller.ts"
    text = whole.read(path) or ""
    more = text.replace(
        "  @Post()\n", "  @Get('all')\n  all() {\n    return 1;\n  }\n\n  @Post()\n"
    )
    assert more != text
    result = validate(whole, texts={path: more}, migrations=False)
    assert [issue.rule for issue in result.issues] == ["open-handler"]
