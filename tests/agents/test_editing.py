import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import JsonValue
from tests.agents.desks import PROJECT, make_desk, make_project, tree

from rockets_agents.builder import BUILDER
from rockets_agents.generator import GENERATOR
from rockets_agents.role import Role
from rockets_agents.testing import call
from rockets_agents.toolset import Desk, ToolRecord, Toolset, shipped_with
from rockets_tools.targets import CONCEPTA_5, ROCKETS_1

HEALTH = "src/modules/health/health.service.ts"
ACCESS = "src/modules/note/note-access-query.service.ts"


class Hands:
    """An agent's hands on a project."""

    def __init__(self, root: Path, role: Role = BUILDER, desk: Desk | None = None) -> None:
        self.root = root
        self.tools = Toolset(role, role.tools, desk or make_desk(make_project(root)))

    def use(self, name: str, **arguments: JsonValue) -> ToolRecord:
        return asyncio.run(self.tools.call(call(name, **arguments)))

    def edit(self, path: str, old: str, new: str, *, read: bool = True) -> ToolRecord:
        if read:
            self.use("read_file", path=path)
        return self.use("edit_file", path=path, old=old, new=new)

    def refused(self, record: ToolRecord, why: str) -> None:
        assert record.is_error, record.text
        assert why in record.text
        assert not record.changed
        assert tree(self.root) == PROJECT


@pytest.fixture
def builder(tmp_path: Path) -> Hands:
    return Hands(tmp_path)


def test_an_edit_replaces_one_passage(builder: Hands) -> None:
    record = builder.edit(HEALTH, "'ok'", "'fine'")
    assert record.text == f"Changed {HEALTH} at line 6."
    text = (builder.root / HEALTH).read_text()
    assert text == PROJECT[HEALTH].replace("'ok'", "'fine'")
    (touch,) = record.touched
    assert (touch.before, touch.after) == (PROJECT[HEALTH], text)
    assert "before" in touch.as_json()
    assert PROJECT[HEALTH] not in str(record.as_json())


def test_one_may_go_on_editing_what_one_has_edited(builder: Hands) -> None:
    builder.edit(HEALTH, "'ok'", "'fine'")
    assert not builder.edit(HEALTH, "'fine'", "'well'", read=False).is_error


def test_a_file_is_read_before_it_is_changed(builder: Hands) -> None:
    builder.refused(builder.edit(HEALTH, "'ok'", "''", read=False), "Read src/modules/health")
    builder.refused(builder.use("write_file", path=HEALTH, text="x"), "Read src/modules/health")


def test_what_changed_since_it_was_read_is_not_overwritten(builder: Hands) -> None:
    builder.use("read_file", path=HEALTH)
    theirs = PROJECT[HEALTH] + "// theirs\n"
    (builder.root / HEALTH).write_text(theirs)
    for record in (
        builder.edit(HEALTH, "'ok'", "''", read=False),
        builder.use("write_file", path=HEALTH, text="mine"),
    ):
        assert record.is_error
        assert "changed since you read it" in record.text
    assert (builder.root / HEALTH).read_text() == theirs
    assert not builder.edit(HEALTH, "'ok'", "''").is_error


def test_a_file_that_was_deleted_meanwhile_is_not_made_again(builder: Hands) -> None:
    builder.use("read_file", path=HEALTH)
    (builder.root / HEALTH).unlink()
    assert "no file" in builder.edit(HEALTH, "'ok'", "''", read=False).text
    assert not (builder.root / HEALTH).exists()


@pytest.mark.parametrize(
    ("old", "why"),
    [
        ("'nothing'", "no such passage"),
        ("check():   string {\n return 'ok';", "other blanks"),
        ("e", "times"),
    ],
)
def test_a_passage_must_occur_once(builder: Hands, old: str, why: str) -> None:
    builder.refused(builder.edit(HEALTH, old, "x"), why)


def test_carriage_returns_stay(builder: Hands) -> None:
    dos = PROJECT[HEALTH].replace("\n", "\r\n")
    (builder.root / HEALTH).write_bytes(dos.encode())
    record = builder.edit(HEALTH, "{\n    return 'ok';", "{\n    // two\r\n    return 'ok';")
    assert not record.is_error
    data = (builder.root / HEALTH).read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") == dos.count("\r\n") + 1


@pytest.mark.parametrize(
    "path", ["src/modules", "src/app.module.ts/x.ts", f"src/{'x' * 300}.ts", "src/folder.ts"]
)
def test_what_the_disk_would_refuse_is_told_and_the_job_goes_on(builder: Hands, path: str) -> None:
    (builder.root / "src/folder.ts").mkdir()
    assert builder.use("write_file", path=path, text="export {};\n").is_error
    assert builder.edit(path, "a", "b").is_error


def test_a_new_file_is_made(builder: Hands) -> None:
    record = builder.use("write_file", path="src/modules/health/pulse.ts", text="export {};\n")
    assert record.text == "Made src/modules/health/pulse.ts."
    assert record.touched[0].before is None


LOCKED = [
    "package.json",
    "tsconfig.json",
    "eslint.config.mjs",
    ".env.example",
    ".env",
    ".rockets/state.json",
    "node_modules/left/index.js",
    "README.md",
    "src/app.acl.ts",
    "src/APP.ACL.ts",
    "src/common/access/caller.ts",
    "src/Common/Access/caller.ts",
    "src/config/environment.ts",
    "src/migrations/1-First.ts",
    "src/migrations/2-Second.ts",
    "src/types.d.ts",
    "src/run.js",
    "src/modules/../../package.json",
    "test/app.test.mjs",
    "src/modules/order/order.crud.controller.ts",
    "src/modules/order/order-typeorm-crud.adapter.ts",
]


@pytest.mark.parametrize("path", LOCKED)
def test_a_builder_cannot_write_what_proofs_rest_on(builder: Hands, path: str) -> None:
    builder.use("read_file", path=path)
    record = builder.use("write_file", path=path, text="export const open = true;\n")
    assert record.is_error
    assert not record.changed
    assert tree(builder.root) == PROJECT


def test_a_locked_file_may_go_back_to_what_was_shipped(tmp_path: Path) -> None:
    path = "src/common/access/caller.ts"
    shipped = shipped_with(CONCEPTA_5)(path)
    assert shipped is not None
    damaged = shipped.replace("export class Caller {", "export clas Caller {")
    files = make_project(tmp_path)
    files.write(path, damaged)
    hands = Hands(tmp_path, desk=replace(make_desk(files), shipped=shipped_with(CONCEPTA_5)))
    refused = hands.edit(path, "export clas Caller {", "export class Caller { open = true;")
    assert refused.is_error
    assert "\n-export clas Caller {\n+export class Caller {\n" in refused.text
    assert not hands.edit(path, "export clas Caller {", "export class Caller {").is_error
    assert files.read(path) == shipped


def test_what_has_no_template_has_no_shipped_text() -> None:
    assert shipped_with(ROCKETS_1)("src/app.acl.ts") is None
    assert shipped_with(CONCEPTA_5)("src/common/access") is None


def test_wiring_is_the_builders_to_mend_and_not_the_generators(tmp_path: Path) -> None:
    assert not Hands(tmp_path).edit("src/app.module.ts", "{}", "{ }").is_error
    generator = Hands(tmp_path, GENERATOR)
    record = generator.edit("src/app.module.ts", "{ }", "{}")
    assert "integrate" in record.text
    assert record.is_error


def test_a_job_writes_only_what_it_was_given(tmp_path: Path) -> None:
    desk = make_desk(make_project(tmp_path), writable=("src/modules/refund/", HEALTH))
    hands = Hands(tmp_path, GENERATOR, desk)
    assert not hands.use("write_file", path="src/modules/refund/a.ts", text="export {};\n").is_error
    assert not hands.edit(HEALTH, "'ok'", "'fine'").is_error
    for path in ("src/modules/refund.ts", "src/modules/refunds/a.ts", f"{HEALTH}.ts", ACCESS):
        assert "not part of this job" in hands.use("write_file", path=path, text="x\n").text
    idle = Hands(tmp_path, GENERATOR, make_desk(desk.files, writable=()))
    assert "may write: nothing" in idle.edit(HEALTH, "'fine'", "'ok'").text


def test_a_test_belongs_to_the_generator(tmp_path: Path) -> None:
    desk = make_desk(make_project(tmp_path), writable=("test/refund.test.mjs",))
    hands = Hands(tmp_path, GENERATOR, desk)
    assert not hands.use("write_file", path="test/refund.test.mjs", text="// t\n").is_error
    assert hands.use("write_file", path="test/app.test.mjs", text="// t\n").is_error


SPEC = """\
it('pays back once', async () => {
  assert.equal((await pay()).status, 201);
  assert.equal((await payAgain()).status, 409);
});
"""


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("409", "200", "an expected refusal"),
        ("  assert.equal((await payAgain()).status, 409);\n", "", "an expectation"),
        ("  assert.equal((await payA", "  // assert.equal((await payA", "an expectation"),
        ("it('pays", "export const unused = ('pays", "a test"),
        ("it('pays", "it.skip('pays", "switched-off check"),
        ("once', async", "once', { skip: true }, async", "switch a test off"),
        ("once', async () => {", "once', async (t) => {\n  t.skip();", "switch a test off"),
        ("  assert.equal((await payAgain()).status, 409);\n", "  // 409 assert.equal(\n", "expect"),
    ],
)
def test_a_builder_takes_nothing_out_of_a_test(
    tmp_path: Path, old: str, new: str, why: str
) -> None:
    files = make_project(tmp_path)
    files.write("test/refund.test.mjs", SPEC)
    hands = Hands(tmp_path, desk=make_desk(files, writable=("src/", "test/refund.test.mjs")))
    record = hands.edit("test/refund.test.mjs", old, new)
    assert record.is_error
    assert why in record.text
    assert files.read("test/refund.test.mjs") == SPEC


def test_a_builder_puts_right_what_a_test_expects(tmp_path: Path) -> None:
    files = make_project(tmp_path)
    files.write("test/refund.test.mjs", SPEC)
    hands = Hands(tmp_path, desk=make_desk(files, writable=("src/", "test/refund.test.mjs")))
    assert not hands.edit("test/refund.test.mjs", "201", "200").is_error
    assert not hands.edit("test/refund.test.mjs", "409", "403").is_error
    assert hands.use("write_file", path="test/other.test.mjs", text="// t\n").is_error


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("    return 'ok';", "    // @ts-ignore\n    return 1;", "switched-off check"),
        ("export class", "// @ts-nocheck\nexport class", "switched-off check"),
        ("export class", "/* eslint-disable */\nexport class", "switched-off check"),
        ("export class", "@AuthPublic()\nexport class", "switched-off check"),
    ],
)
def test_a_problem_is_not_silenced(builder: Hands, old: str, new: str, why: str) -> None:
    builder.refused(builder.edit(HEALTH, old, new), why)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("    if (mayUseOwn(context)) {\n      return true;\n    }\n", "", "guards"),
        ("    if (mayUseOwn(context)) {", "    if (/* mayUseOwn(context) */ 1) {", "guards"),
        ("    return false;", "    return true;", "access-query-deny-by-default"),
    ],
)
def test_a_guard_stays_in_place(builder: Hands, old: str, new: str, why: str) -> None:
    builder.refused(builder.edit(ACCESS, old, new), why)


def test_a_name_that_only_an_import_or_a_comment_has_guards_nothing(builder: Hands) -> None:
    twice = "import { acRules } from './a';\nimport { acRules } from './b';\n// acRules\n"
    path = "src/modules/health/rules.ts"
    builder.use("write_file", path=path, text=f"{twice}export const rules = acRules;\n")
    assert not builder.edit(path, "import { acRules } from './b';\n// acRules\n", "").is_error
    assert builder.edit(path, "= acRules", "= [] /* acRules */").is_error


def test_access_rules_and_wiring_are_where_the_project_has_them(tmp_path: Path) -> None:
    files = make_project(tmp_path)
    for path in ("src/rules/acl.ts", "src/root.module.ts"):
        files.write(path, "export {};\n")
    desk = replace(
        make_desk(files), acl="src/rules/acl.ts", wiring=frozenset({"src/root.module.ts"})
    )
    for role, path, taken in (
        (BUILDER, "src/rules/acl.ts", False),
        (BUILDER, "src/root.module.ts", True),
        (GENERATOR, "src/root.module.ts", False),
    ):
        assert Hands(tmp_path, role, desk).edit(path, "{}", "{ }").is_error is not taken


def test_a_repository_in_a_service_is_refused_by_its_rule(builder: Hands) -> None:
    new = "  constructor(@InjectRepository(Note) private readonly r: Repository<Note>) {}\n"
    record = builder.edit(HEALTH, "  check()", f"{new}\n  check()")
    builder.refused(record, "inject-repository-location")


def test_what_was_broken_before_may_be_mended_step_by_step(tmp_path: Path) -> None:
    hands = Hands(tmp_path)
    bad = PROJECT[ACCESS].replace("return false;", "return true; // nobody asked\n    // x")
    (tmp_path / ACCESS).write_text(bad)
    assert not hands.edit(ACCESS, "    // x\n", "").is_error
    assert not hands.edit(ACCESS, "return true; // nobody asked", "return false;").is_error


def test_huge_and_binary_texts_are_refused(builder: Hands) -> None:
    path = "src/huge.ts"
    builder.refused(builder.use("write_file", path=path, text="x" * 100_001), "at most 100000")
    builder.refused(builder.use("write_file", path=path, text="a\0b"), "NUL")
    builder.use("write_file", path=path, text="// here\n" + "x" * 99_000)
    grown = builder.edit(path, "// here\n", "y" * 2_000)
    assert "more than 100000" in grown.text
    assert grown.is_error


def test_links_are_not_written_through(tmp_path: Path) -> None:
    root, outside = tmp_path / "project", tmp_path / "outside"
    outside.mkdir()
    (outside / "file.ts").write_text("theirs")
    hands = Hands(root)
    (root / "src/out").symlink_to(outside)
    (root / "src/link.ts").symlink_to(outside / "file.ts")
    (root / "src/inner.ts").symlink_to("app.acl.ts")
    (root / "src/inside").symlink_to("common/access")
    for path in (
        "src/out/new.ts",
        "src/out/file.ts",
        "src/link.ts",
        "src/inner.ts",
        "src/inside/caller.ts",
        "src/inside/new.ts",
    ):
        hands.use("read_file", path=path)
        assert hands.use("write_file", path=path, text="mine\n").is_error, path
    assert (outside / "file.ts").read_text() == "theirs"
    assert sorted(p.name for p in outside.iterdir()) == ["file.ts"]
    assert (root / "src/app.acl.ts").read_text() == PROJECT["src/app.acl.ts"]
