"""Rules 7, 8 and 9."""

from collections.abc import Callable

import pytest

Found = Callable[..., list[tuple[str, int]]]

FOLDER = "src/modules/order"
MACHINE = f"{FOLDER}/order-state-machine.service.ts"
WORKFLOW = f"{FOLDER}/order-workflow.service.ts"
NOTIFICATION = f"{FOLDER}/order-notification.service.ts"

GOOD_MACHINE = """\
import { Injectable } from '@nestjs/common';
import { OrderModelService } from './order-model.service';

const TRANSITIONS: Record<string, string[]> = { open: ['paid'], paid: [] };

@Injectable()
export class OrderStateMachineService {
  constructor(private readonly orders: OrderModelService) {}

  async moveTo(order: Order, next: string): Promise<void> {
    this.check(order.status, next);
    await this.orders.update({ id: order.id, status: next });
  }

  private check(from: string, to: string): void {
    if (!TRANSITIONS[from]?.includes(to)) {
      throw new Error('no');
    }
  }
}
"""


def modules(text: str) -> str:
    return f"import {{ Injectable }} from '@nestjs/common';\n{text}"


def test_a_machine_that_asks_its_map(found: Found) -> None:
    assert found({MACHINE: GOOD_MACHINE}) == []


def test_a_machine_that_does_not_ask(found: Found) -> None:
    text = GOOD_MACHINE.replace("    this.check(order.status, next);\n", "")
    assert found({MACHINE: text}) == [("state-machine-direct-status", 11)]


def test_a_machine_that_assigns_without_asking(found: Found) -> None:
    text = GOOD_MACHINE.replace("    this.check(order.status, next);\n", "").replace(
        "await this.orders.update({ id: order.id, status: next });", "order.status = next;"
    )
    assert found({MACHINE: text}) == [("state-machine-direct-status", 11)]


def test_a_machine_without_a_map(found: Found) -> None:
    text = modules(
        "@Injectable()\nexport class OrderStateMachineService {\n"
        "  set(order: Order) {\n    order.status = 'paid';\n  }\n}\n"
    )
    assert found({MACHINE: text}) == [("state-machine-direct-status", 3)]


def test_an_imported_map_counts(found: Found) -> None:
    text = GOOD_MACHINE.replace(
        "const TRANSITIONS: Record<string, string[]> = { open: ['paid'], paid: [] };",
        "import { ORDER_TRANSITIONS as TRANSITIONS } from './order.constants';",
    )
    assert found({MACHINE: text}) == []


SETS_STATUS = modules(
    "@Injectable()\nexport class OrderPaymentService {\n"
    "  async pay(id: string) {\n    await this.orders.update({ id, status: 'paid' });\n  }\n}\n"
)


def test_a_neighbour_that_goes_around_the_machine(found: Found) -> None:
    path = f"{FOLDER}/order-payment.service.ts"
    assert found({MACHINE: GOOD_MACHINE, path: SETS_STATUS}) == [("state-machine-direct-status", 5)]


@pytest.mark.parametrize(
    "path", ["src/modules/other/order-payment.service.ts", f"{FOLDER}/order-model.service.ts"]
)
def test_others_may(found: Found, path: str) -> None:
    assert found({MACHINE: GOOD_MACHINE, path: SETS_STATUS}) == []


def test_a_first_status_is_no_transition(found: Found) -> None:
    text = SETS_STATUS.replace("update({ id,", "create({")
    path = f"{FOLDER}/order-payment.service.ts"
    assert found({MACHINE: GOOD_MACHINE, path: text}) == []


def workflow(*lines: str) -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return modules(
        "import { DataSource } from 'typeorm';\n@Injectable()\n"
        "export class OrderWorkflowService {\n"
        "  constructor(\n    private readonly dataSource: DataSource,\n"
        "    private readonly orders: OrderModelService,\n  ) {}\n"
        f"  async run(): Promise<void> {{\n{body}  }}\n}}\n"
    )


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (["await this.dataSource.query('DELETE FROM x');"], 10),
        (["await this.dataSource.manager.find(Order);"], 10),
        (["this.dataSource.getRepository(Order);"], 10),
        (["const runner = this.dataSource.createQueryRunner();"], 10),
        (["await this.dataSource.synchronize();"], 10),
        (
            [
                "await this.dataSource.transaction(async (manager) => {",
                "  await manager.save(order);",
                "});",
            ],
            11,
        ),
        (["await this.dataSource.transaction(em => em.insert(Order, {}));"], 10),
    ],
)
def test_a_workflow_that_goes_around_the_models(found: Found, lines: list[str], line: int) -> None:
    rules = set(found({WORKFLOW: workflow(*lines)}))
    assert rules == {("workflow-uses-model-services", line)}


@pytest.mark.parametrize(
    "type_", ["Repository<Order>", "OrderTypeOrmCrudAdapter", "OrderCrudService"]
)
def test_what_a_workflow_may_not_hold(found: Found, type_: str) -> None:
    text = workflow().replace("OrderModelService", type_)
    assert found({WORKFLOW: text}) == [("workflow-uses-model-services", 7)]


def test_a_workflow_as_it_should_be(found: Found) -> None:
    text = workflow(
        "await this.dataSource.transaction(async (manager) => {",
        "  await this.orders.create({ name: 'a' }, { transaction: manager });",
        "  await this.orders.update({ id: '1' }, manager.queryRunner);",
        "});",
    )
    assert found({WORKFLOW: text}) == []


def test_a_workflow_known_by_its_class(found: Found) -> None:
    text = workflow("await this.dataSource.query('x');")
    assert found({f"{FOLDER}/ordering.ts": text}) == [("workflow-uses-model-services", 10)]


def notification(*lines: str, more: str = "") -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return modules(
        "@Injectable()\nexport class OrderNotificationService {\n"
        "  constructor(\n    private readonly auditModelService: AuditModelService,\n"
        "    private readonly mailer: MailerService,\n  ) {}\n"
        f"  async notify(): Promise<void> {{\n{body}  }}\n{more}}}\n"
    )


AUDIT = "await this.auditModelService.create({ kind: 'mail' });"
SEND = "await this.mailer.sendMail({});"
WRITE = "  private async write(): Promise<void> {\n    " + AUDIT + "\n  }\n"
DELIVER = "  private async deliver(): Promise<void> {\n    " + SEND + "\n  }\n"


@pytest.mark.parametrize(
    ("lines", "more", "line"),
    [
        ([SEND], "", 9),
        ([SEND, AUDIT], "", 9),
        ([AUDIT.removeprefix("await "), SEND], "", 10),
        (["await this.deliver();", AUDIT], DELIVER, 13),
        (["this.events.emit('order.paid');"], "", 9),
    ],
)
def test_dispatch_before_audit(found: Found, lines: list[str], more: str, line: int) -> None:
    text = notification(*lines, more=more)
    assert found({NOTIFICATION: text}) == [("notification-audit-first", line)]


@pytest.mark.parametrize(
    ("lines", "more"),
    [
        ([AUDIT, SEND], ""),
        ([AUDIT, "await this.deliver();"], DELIVER),
        (["await this.write();", SEND], WRITE),
        (["this.logger.log('nothing to send');"], ""),
        ([], ""),
    ],
)
def test_audit_before_dispatch(found: Found, lines: list[str], more: str) -> None:
    assert found({NOTIFICATION: notification(*lines, more=more)}) == []


def test_helpers_that_call_each_other_end(found: Found) -> None:
    more = "  a() {\n    this.b();\n  }\n  b() {\n    this.a();\n  }\n"
    assert found({NOTIFICATION: notification(AUDIT, "this.a();", SEND, more=more)}) == []
