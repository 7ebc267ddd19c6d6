"""The migrate step on real projects: TypeORM, PGlite and PostgreSQL for real."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rockets_tools.build import build
from rockets_tools.database import ScratchDatabases
from rockets_tools.errors import GateError
from rockets_tools.files import ProjectFiles
from rockets_tools.migrate import MigrationResult, migrate
from rockets_tools.node import NodeTools, find_node
from rockets_tools.plan.model import Plan
from rockets_tools.process import run
from rockets_tools.project import new_project

pytestmark = pytest.mark.node

PLAN = Plan(entities={}, waves=(), roles=(), hash="c0ffee" * 10 + "1234")
FIRST = "src/migrations/1700000001000-ApplyPlan.ts"
SECOND = "src/migrations/1700000002000-ApplyPlan.ts"
ENTITY = "src/modules/order/entities/order.entity.ts"
SETTINGS = "src/config/typeorm.settings.ts"

ORDER = """\
import { CommonPostgresEntity } from '@concepta/typeorm-common';
import { Column, Entity, Index, JoinColumn, ManyToOne, OneToOne, Unique } from 'typeorm';
import { UserEntity } from '../../user/entities/user.entity';

export enum Colour {
  Red = 'red',
  Its = "it's",
}

@Entity('order')
@Unique(['group', 'amount'])
@Index(['name'], { unique: true, where: '"dateDeleted" IS NULL' })
export class OrderEntity extends CommonPostgresEntity {
  @Column({ type: 'varchar', length: 255, default: "it''s `${x}` \\\\ " })
  name!: string;

  @Column({ type: 'int', nullable: true, comment: 'a `tick` ${no}' })
  group!: number | null;

  @Column({ type: 'decimal', precision: 10, scale: 2, default: () => '1.5' })
  amount!: string;

  @Column({ type: 'enum', enum: Colour, default: Colour.Red })
  colour!: Colour;

  @Column({ type: 'jsonb', default: {} })
  extra!: object;

  @Column({ type: 'uuid', nullable: true })
  parentId!: string | null;

  @ManyToOne(() => OrderEntity, { nullable: true, onDelete: 'SET NULL' })
  @JoinColumn({ name: 'parentId' })
  parent!: OrderEntity | null;

  @Column({ type: 'uuid' })
  userId!: string;

  @OneToOne(() => UserEntity, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'userId' })
  user!: UserEntity;
}
"""


@pytest.fixture(scope="module")
def node() -> NodeTools:
    return find_node()


@pytest.fixture(scope="module")
def databases(
    node: NodeTools, warm_modules: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ScratchDatabases]:
    """One embedded server for all tests of this file."""
    folder = tmp_path_factory.mktemp("server") / "project"
    new_project(folder)
    (folder / "node_modules").symlink_to(warm_modules, target_is_directory=True)
    with ScratchDatabases(ProjectFiles(folder), node) as databases:
        yield databases


@pytest.fixture
def files(warm_project: Callable[[], Path]) -> ProjectFiles:
    """A fresh project with one more entity, wired."""
    files = ProjectFiles(warm_project())
    files.write(ENTITY, ORDER)
    settings = files.read(SETTINGS)
    assert settings is not None
    import_line = "import { OrderEntity } from '../modules/order/entities/order.entity';\n"
    wired = import_line + settings.replace("entities: [", "entities: [OrderEntity, ")
    assert wired != import_line + settings
    files.write(SETTINGS, wired)
    return files


def edit(files: ProjectFiles, path: str, old: str, new: str) -> None:
    text = files.read(path)
    assert text is not None
    assert old in text
    files.write(path, text.replace(old, new))


def migrations(files: ProjectFiles) -> dict[str, str]:
    return {path.name: path.read_text() for path in (files.root / "src/migrations").iterdir()}


def test_generate_again_and_change(
    files: ProjectFiles, node: NodeTools, databases: ScratchDatabases
) -> None:
    def step() -> MigrationResult:
        return migrate(files, PLAN, node=node, databases=databases)

    # A dist from before the entity was there must not be what is looked at.
    settings = files.read(SETTINGS)
    assert settings is not None
    files.write(SETTINGS, settings.replace("entities: [OrderEntity, ", "entities: ["))
    edit(files, SETTINGS, "import { OrderEntity }", "// import { OrderEntity }")
    assert build(files, node).passed
    files.write(SETTINGS, settings)

    made = step()
    assert (made.method, made.files, made.proven, made.warnings) == ("typeorm", (FIRST,), True, ())
    mark, _, text = (files.read(FIRST) or "").partition("\n")
    assert mark == "// Made by Rockets for plan c0ffeec0ffee: typeorm migration:generate, proven."

    # The same as TypeORM's command writes.
    files.delete(FIRST)
    assert build(files, node).passed
    with databases.empty() as database:
        cli = node.argv("node_modules/typeorm/cli.js", "-d", "dist/ormconfig.js")
        for command in (
            ["migration:run"],
            ["migration:generate", "--timestamp", "1700000001000", "src/migrations/ApplyPlan"],
        ):
            done = run(
                [*cli, *command],
                cwd=files.root,
                env=node.environment(database.environment()),
                timeout=60,
            )
            assert done.code == 0, done.stdout + done.stderr
    assert files.read(FIRST) == text
    files.write(FIRST, f"{mark}\n{text}")

    before = migrations(files)
    again = step()
    assert (again.files, again.proven) == ((), True)
    assert migrations(files) == before

    edit(files, ENTITY, "  Its = ", "  New = 'new',\n  Its = ")
    edit(
        files,
        ENTITY,
        "  name!: string;\n",
        "  name!: string;\n\n  @Column('text')\n  note!: string;\n",
    )
    changed = step()
    assert (changed.files, changed.proven) == ((SECOND,), True)
    text = files.read(SECOND) or ""
    assert 'ALTER TABLE "order" ADD "note" text NOT NULL' in text
    assert "AS ENUM('red', 'new', 'it''s')" in text
    assert "CREATE TABLE" not in text
    assert migrations(files).items() > before.items()


def test_a_server_gives_the_same_bytes(
    files: ProjectFiles, node: NodeTools, databases: ScratchDatabases, postgres_url: str
) -> None:
    migrate(files, PLAN, node=node, databases=databases)
    embedded = files.read(FIRST)
    files.delete(FIRST)
    result = migrate(files, PLAN, node=node, database_url=postgres_url)
    assert (result.proven, files.read(FIRST)) == (True, embedded)


def test_a_difference_that_never_ends_is_red_and_leaves_no_file(
    files: ProjectFiles, node: NodeTools, databases: ScratchDatabases
) -> None:
    # TypeORM compares this default as text and the database keeps it as a number.
    edit(files, ENTITY, "default: () => '1.5'", "default: 1.5")
    before = migrations(files)
    with pytest.raises(GateError) as caught:
        migrate(files, PLAN, node=node, databases=databases)
    problem = caught.value.problems[0]
    assert (problem.code, problem.file) == ("migration-difference", FIRST)
    assert 'ALTER COLUMN "amount" SET DEFAULT' in problem.message
    assert migrations(files) == before


def test_a_build_error_comes_first(
    files: ProjectFiles, node: NodeTools, databases: ScratchDatabases
) -> None:
    files.write("src/x.ts", "export const x: X = 1;\n")
    with pytest.raises(GateError) as caught:
        migrate(files, PLAN, node=node, databases=databases)
    assert [(p.code, p.file, p.line) for p in caught.value.problems] == [
        ("build-error", "src/x.ts", 1)
    ]
    assert not files.exists(FIRST)


HAND_WRITTEN = """\
import {{ MigrationInterface, QueryRunner }} from 'typeorm';

export class Hand{stamp} implements MigrationInterface {{
  public async up(queryRunner: QueryRunner): Promise<void> {{
    console.log('{{"changed": false}}');
    await queryRunner.query(`{up}`);
  }}

  public async down(): Promise<void> {{
    {down}
  }}
}}
"""


def test_somebody_elses_migrations(
    files: ProjectFiles, node: NodeTools, databases: ScratchDatabases
) -> None:
    stamp, hand = 1800000000000, "src/migrations/1800000000000-Hand.ts"
    files.write(hand, HAND_WRITTEN.format(stamp=stamp, up="SELECT nonsense", down="return;"))
    with pytest.raises(GateError) as caught:
        migrate(files, PLAN, node=node, databases=databases)
    problem = caught.value.problems[0]
    assert (problem.code, problem.file) == ("migration-run", hand)
    assert 'column "nonsense" does not exist' in problem.message

    irreversible = "throw new Error('cannot be taken back');"
    files.write(hand, HAND_WRITTEN.format(stamp=stamp, up="SELECT 1", down=irreversible))
    result = migrate(files, PLAN, node=node, databases=databases)
    assert result.files == ("src/migrations/1800000001000-ApplyPlan.ts",)
    assert result.proven
    assert [(w.code, w.file) for w in result.warnings] == [("migration-revert", hand)]
    assert "cannot be taken back" in result.warnings[0].message


RUN = """
import sys
from pathlib import Path
from rockets_tools.files import ProjectFiles
from rockets_tools.migrate import migrate
from rockets_tools.node import find_node
from rockets_tools.plan.model import Plan
plan = Plan(entities={}, waves=(), roles=(), hash=sys.argv[2])
migrate(ProjectFiles(Path(sys.argv[1])), plan, node=find_node())
"""


def test_killed_before_the_proof_it_is_made_and_proven_again(
    files: ProjectFiles, node: NodeTools, databases: ScratchDatabases
) -> None:
    migrate(files, PLAN, node=node, databases=databases)
    undisturbed = migrations(files)
    files.delete(FIRST)
    process = subprocess.Popen([sys.executable, "-c", RUN, str(files.root), PLAN.hash])
    deadline = time.monotonic() + 60
    while not files.exists(FIRST):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert "not proven yet" in (files.read(FIRST) or "")
    result = migrate(files, PLAN, node=node, databases=databases)
    assert (result.files, result.proven) == ((FIRST,), True)
    assert migrations(files) == undisturbed
