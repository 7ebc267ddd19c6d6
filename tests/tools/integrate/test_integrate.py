"""One wave into a project: what is written, what is left alone, what is reported."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from rockets_tools.errors import InputError, MachineError
from rockets_tools.files import ProjectFiles
from rockets_tools.generate.result import GeneratedFile, Rendered
from rockets_tools.integrate import ActionKind, IntegrateResult, integrate, orphans
from rockets_tools.tree import tree_hash

Build = Callable[..., Rendered]
MODULE = "src/modules/product/product.module.ts"
ENTITY = "src/modules/product/entities/product.entity.ts"


def kinds(result: IntegrateResult) -> dict[str, ActionKind]:
    return {action.file: action.kind for action in result.actions}


def snapshot(files: ProjectFiles) -> dict[str, tuple[bytes, int]]:
    """Every file with its bytes and when it was written."""
    return {
        str(path.relative_to(files.root)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in files.root.rglob("*")
        if path.is_file()
    }


def text(files: ProjectFiles, path: str) -> str:
    found = files.read(path)
    assert found is not None
    return found


def test_files_and_wiring_are_written(project: ProjectFiles, rendered: Build) -> None:
    result = integrate(project, [rendered("Product"), rendered("Tag")])
    assert result.success
    assert not result.warnings
    assert not result.conflicts
    assert kinds(result) == {
        ENTITY: ActionKind.CREATED,
        MODULE: ActionKind.CREATED,
        "src/modules/product/product-access-query.service.ts": ActionKind.CREATED,
        "src/modules/tag/entities/tag.entity.ts": ActionKind.CREATED,
        "src/modules/tag/tag.module.ts": ActionKind.CREATED,
        "src/modules/tag/tag-access-query.service.ts": ActionKind.CREATED,
        "src/config/typeorm.settings.ts": ActionKind.WIRED,
        "src/app.module.ts": ActionKind.WIRED,
        "src/app.acl.ts": ActionKind.WIRED,
    }
    assert text(project, MODULE) == rendered("Product").files[1].content
    assert "entities: [UserEntity, ProductEntity, TagEntity]" in text(
        project, "src/config/typeorm.settings.ts"
    )
    assert "    ProductModule,\n    TagModule,\n" in text(project, "src/app.module.ts")
    assert "queryServices: [ProductAccessQueryService, TagAccessQueryService]" in text(
        project, "src/app.module.ts"
    )


def test_a_second_call_changes_no_byte(project: ProjectFiles, rendered: Build) -> None:
    wave = [rendered("Product"), rendered("Tag")]
    integrate(project, wave)
    before = snapshot(project)
    again = integrate(ProjectFiles(project.root), wave)
    assert again == IntegrateResult()
    assert snapshot(project) == before


def test_nothing_of_ours_is_left_in_the_tree(project: ProjectFiles, rendered: Build) -> None:
    integrate(project, [rendered("Product")])
    names = {path for path in snapshot(project) if not path.startswith(".rockets/")}
    assert not [
        path for path in names if path.endswith((".tmp", ".json")) and path != "package.json"
    ]


def test_untouched_files_are_updated(project: ProjectFiles, rendered: Build) -> None:
    integrate(project, [rendered("Product")])
    result = integrate(project, [rendered("Product", version="two")])
    assert set(kinds(result).values()) == {ActionKind.UPDATED}
    assert len(result.actions) == 3
    assert text(project, MODULE) == rendered("Product", version="two").files[1].content


def test_an_update_gives_the_same_tree_as_a_fresh_run(
    project: ProjectFiles, rendered: Build, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = ProjectFiles(tmp_path_factory.mktemp("other"))
    for path, (data, _) in snapshot(project).items():
        other.write(path, data.decode())
    integrate(project, [rendered("Product")])
    integrate(project, [rendered("Product", version="two")])
    integrate(other, [rendered("Product", version="two")])
    assert tree_hash(project) == tree_hash(other)


def test_an_edit_elsewhere_is_merged(project: ProjectFiles, rendered: Build) -> None:
    integrate(project, [rendered("Product")])
    edited = text(project, MODULE).replace("last = 3;\n", "last = 3;\n  mine(): void {}\n")
    project.write(MODULE, edited)
    result = integrate(project, [rendered("Product", version="two")])
    assert kinds(result)[MODULE] is ActionKind.MERGED
    assert not result.conflicts
    assert text(project, MODULE) == edited.replace("'one'", "'two'")
    before = snapshot(project)
    assert integrate(project, [rendered("Product", version="two")]) == IntegrateResult()
    assert snapshot(project) == before


def test_an_edit_stays_when_the_generator_has_nothing_new(
    project: ProjectFiles, rendered: Build
) -> None:
    integrate(project, [rendered("Product")])
    project.write(MODULE, "// all mine\n")
    assert integrate(project, [rendered("Product")]) == IntegrateResult()
    assert text(project, MODULE) == "// all mine\n"


def test_a_conflict_leaves_the_users_version_and_is_told_each_time(
    project: ProjectFiles, rendered: Build
) -> None:
    integrate(project, [rendered("Product")])
    mine = text(project, MODULE).replace("'one'", "'mine'")
    project.write(MODULE, mine)
    for _ in range(2):
        result = integrate(project, [rendered("Product", version="two")])
        (conflict,) = result.conflicts
        assert (conflict.code, conflict.file, conflict.line) == ("merge-conflict", MODULE, 6)
        assert text(project, MODULE) == mine
    project.write(MODULE, mine.replace("'mine'", "'two'"))
    assert integrate(project, [rendered("Product", version="two")]) == IntegrateResult()


def test_line_ends_of_an_edited_file_are_kept(project: ProjectFiles, rendered: Build) -> None:
    integrate(project, [rendered("Product")])
    windows = text(project, MODULE).replace("\n", "\r\n")
    (project.root / MODULE).write_bytes((windows + "// mine\r\n").encode())
    (project.root / ENTITY).write_bytes(text(project, ENTITY).replace("\n", "\r\n").encode())
    result = integrate(project, [rendered("Product", version="two")])
    assert kinds(result)[MODULE] is ActionKind.MERGED
    assert kinds(result)[ENTITY] is ActionKind.UPDATED
    assert (project.root / MODULE).read_bytes() == (
        windows.replace("'one'", "'two'") + "// mine\r\n"
    ).encode()
    assert (project.root / ENTITY).read_bytes().count(b"\r\n") == 9
    assert integrate(project, [rendered("Product", version="two")]) == IntegrateResult()


def test_a_deleted_file_is_not_written_again(project: ProjectFiles, rendered: Build) -> None:
    integrate(project, [rendered("Product")])
    project.delete(MODULE)
    for version in ("one", "two", "two"):
        result = integrate(project, [rendered("Product", version=version)])
        (warning,) = result.warnings
        assert (warning.code, warning.file) == ("generated-file-deleted", MODULE)
        assert not project.exists(MODULE)
    project.delete(".rockets/generated/product.json")
    integrate(project, [rendered("Product", version="two")])
    assert project.exists(MODULE)


def test_a_file_of_the_users_is_not_overwritten(project: ProjectFiles, rendered: Build) -> None:
    project.write(MODULE, "// mine\n")
    result = integrate(project, [rendered("Product")])
    (conflict,) = result.conflicts
    assert (conflict.code, conflict.file) == ("file-not-generated", MODULE)
    assert text(project, MODULE) == "// mine\n"
    assert integrate(project, [rendered("Product")]).conflicts == result.conflicts


def test_an_equal_file_is_adopted(project: ProjectFiles, rendered: Build) -> None:
    project.write(MODULE, rendered("Product").files[1].content)
    assert MODULE not in kinds(integrate(project, [rendered("Product")]))
    result = integrate(project, [rendered("Product", version="two")])
    assert kinds(result)[MODULE] is ActionKind.UPDATED


def test_a_file_that_became_binary_is_a_conflict(project: ProjectFiles, rendered: Build) -> None:
    integrate(project, [rendered("Product")])
    (project.root / MODULE).write_bytes(b"\xff\xfe\x00")
    result = integrate(project, [rendered("Product", version="two")])
    assert [conflict.file for conflict in result.conflicts] == [MODULE]
    assert (project.root / MODULE).read_bytes() == b"\xff\xfe\x00"


def test_a_changed_acl_changes_the_grants(project: ProjectFiles, rendered: Build) -> None:
    integrate(project, [rendered("Product", admin="any:read", user="own:read")])
    integrate(project, [rendered("Product", user="own:create,read")])
    acl = text(project, "src/app.acl.ts")
    assert acl.count("AppResource.Product,") == 1
    assert ".createOwn()\n  .readOwn();" in acl


def test_moved_paths_are_wired_to_the_new_place(project: ProjectFiles, rendered: Build) -> None:
    integrate(project, [rendered("Product")])
    result = integrate(project, [rendered("Product", module="src/shop")])
    module = text(project, "src/app.module.ts")
    assert module.count("ProductModule }") == 1
    assert "'./shop/product/product.module'" in module
    assert {w.code for w in result.warnings} == {"no-longer-generated"}
    assert sorted(str(w.file) for w in result.warnings)[0] == ENTITY
    second = integrate(project, [rendered("Product", module="src/shop")])
    assert not second.actions
    assert second.warnings == result.warnings


def test_waves_and_one_wave_give_the_same_files(
    project: ProjectFiles, rendered: Build, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = ProjectFiles(tmp_path_factory.mktemp("other"))
    for path, (data, _) in snapshot(project).items():
        other.write(path, data.decode())
    names = ["Alpha", "Beta", "Gamma"]
    integrate(project, [rendered(name) for name in names])
    for name in names:
        integrate(other, [rendered(name)])
    assert text(project, "src/app.acl.ts") == text(other, "src/app.acl.ts")
    settings = "src/config/typeorm.settings.ts"
    assert text(project, settings) == text(other, settings)


UNUSABLE = {
    "src/app.module.ts": "export class AppModule {}\n",
    "src/app.acl.ts": "const a = new AccessControl(;\n",
    "src/config/typeorm.settings.ts": "export const s = {\n  entities: load(),\n};\n",
}


def test_all_shared_files_are_checked_before_anything_is_written(
    project: ProjectFiles, rendered: Build
) -> None:
    for path, content in UNUSABLE.items():
        project.write(path, content)
    project.write("src/core.module.ts", "AccessControlModule.forRoot({ queryServices: [] });\n")
    before = snapshot(project)
    with pytest.raises(InputError) as caught:
        integrate(project, [rendered("Product")])
    assert {problem.file for problem in caught.value.problems} >= set(UNUSABLE)
    assert all(problem.line and problem.fix for problem in caught.value.problems)
    assert snapshot(project) == before


@pytest.mark.parametrize("missing", UNUSABLE)
def test_a_missing_shared_file_is_told(
    missing: str, project: ProjectFiles, rendered: Build
) -> None:
    project.delete(missing)
    before = snapshot(project)
    with pytest.raises(InputError) as caught:
        integrate(project, [rendered("Product")])
    assert missing in {problem.file for problem in caught.value.problems}
    assert snapshot(project) == before


@pytest.mark.parametrize(
    "path",
    [
        "../x.ts",
        "/etc/x.ts",
        "src/app.module.ts",
        ".rockets/state.json",
        "node_modules/x.ts",
        "a\0b",
    ],
)
def test_a_path_that_is_not_the_entitys_is_refused(
    path: str, project: ProjectFiles, rendered: Build
) -> None:
    good = rendered("Product")
    evil = Rendered(
        entity="product",
        files=(*good.files, GeneratedFile(path=path, content="x")),
        wiring=good.wiring,
        config={},
    )
    before = snapshot(project)
    with pytest.raises(InputError):
        integrate(project, [evil])
    assert snapshot(project) == before


@pytest.mark.parametrize("name", ["../../x", "a/b", "", "A", "x.next", "a b"])
def test_an_entity_name_that_is_none_is_refused(
    name: str, project: ProjectFiles, rendered: Build
) -> None:
    good = rendered("Product")
    with pytest.raises(InputError):
        integrate(project, [Rendered(entity=name, files=good.files, wiring=good.wiring, config={})])


def test_two_entities_with_one_file_are_refused(project: ProjectFiles, rendered: Build) -> None:
    one = rendered("Product")
    two = Rendered(entity="other", files=one.files, wiring=rendered("Other").wiring, config={})
    with pytest.raises(InputError, match="is of product"):
        integrate(project, [one, two])


def test_a_symlink_out_of_the_project_is_refused(
    project: ProjectFiles, rendered: Build, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (project.root / "src/modules").symlink_to(outside, target_is_directory=True)
    with pytest.raises(InputError, match="not a plain path"):
        integrate(project, [rendered("Product")])
    assert not list(outside.iterdir())


@pytest.mark.parametrize("name", [".rockets", ".rockets/generated", ".rockets/scratch"])
def test_a_state_folder_that_leads_elsewhere_is_refused(
    name: str, project: ProjectFiles, rendered: Build, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    link = project.root / name
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(outside, target_is_directory=True)
    with pytest.raises(InputError, match="not a plain path"):
        integrate(project, [rendered("Product")])
    assert not list(outside.iterdir())


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_folder_is_a_machine_error(project: ProjectFiles, rendered: Build) -> None:
    (project.root / "src").chmod(0o555)
    with pytest.raises(MachineError):
        integrate(project, [rendered("Product")])
    (project.root / "src").chmod(0o755)


def test_a_file_where_a_folder_is_needed_is_a_machine_error(
    project: ProjectFiles, rendered: Build
) -> None:
    project.write("src/modules", "")
    with pytest.raises(MachineError):
        integrate(project, [rendered("Product")])


def test_other_places_are_found_by_what_they_say(project: ProjectFiles, rendered: Build) -> None:
    project.delete("src/config/typeorm.settings.ts")
    project.delete("src/app.acl.ts")
    project.write(
        "src/database/orm.ts",
        "export default new DataSource({ type: 'postgres', entities: [], migrations: [] });\n",
    )
    project.write(
        "src/security/rules.ts",
        "import { AccessControl } from 'accesscontrol';\n"
        "export const rules = new AccessControl();\n",
    )
    project.write(
        "src/app.module.ts",
        "import { Module } from '@nestjs/common';\nimport { CoreModule } from './core.module';\n"
        "\n@Module({ imports: [CoreModule] })\nexport class AppModule {}\n",
    )
    project.write(
        "src/core.module.ts",
        "import { AccessControlModule } from '@concepta/nestjs-access-control';\n"
        "import { CrudModule } from '@concepta/nestjs-crud';\n"
        "import { Module } from '@nestjs/common';\n\n"
        "@Module({\n"
        "  imports: [CrudModule.forRoot({}), AccessControlModule.forRoot({ rules })],\n})\n"
        "export class CoreModule {}\n",
    )
    result = integrate(project, [rendered("Product")])
    wired = {file for file, kind in kinds(result).items() if kind is ActionKind.WIRED}
    assert wired == {
        "src/database/orm.ts",
        "src/security/rules.ts",
        "src/app.module.ts",
        "src/core.module.ts",
    }
    assert "imports: [CoreModule, ProductModule]" in text(project, "src/app.module.ts")
    assert "queryServices: [ProductAccessQueryService]" in text(project, "src/core.module.ts")
    assert "'../modules/product/entities/product.entity'" in text(project, "src/database/orm.ts")
    assert integrate(project, [rendered("Product")]) == IntegrateResult()


def test_an_entity_that_left_the_plan_is_reported_with_what_mentions_it(
    project: ProjectFiles, rendered: Build
) -> None:
    integrate(project, [rendered("Product"), rendered("Tag")])
    project.write("src/modules/tag/extra.ts", "import { ProductEntity } from '../product';\n")
    before = snapshot(project)
    (orphan,) = orphans(project, ["tag"])
    assert orphan.entity == "product"
    assert len(orphan.files) == 3
    mentions = {(mention.file, mention.name) for mention in orphan.mentions}
    assert mentions == {
        ("src/modules/tag/extra.ts", "ProductEntity"),
        ("src/app.module.ts", "ProductModule"),
        ("src/app.module.ts", "ProductAccessQueryService"),
        ("src/app.acl.ts", "AppResource.Product"),
        ("src/app.acl.ts", "AppResource.ProductList"),
        ("src/config/typeorm.settings.ts", "ProductEntity"),
    }
    assert "src/modules/tag/extra.ts:1" in orphan.as_problem().message
    assert snapshot(project) == before
    assert orphans(project, ["tag", "product"]) == []


def test_json_form(project: ProjectFiles, rendered: Build) -> None:
    project.write(MODULE, "// mine\n")
    answer = integrate(project, [rendered("Product")]).as_json()
    assert list(answer) == ["success", "actions", "warnings", "conflicts"]
    assert answer["success"] is True
    actions = answer["actions"]
    assert isinstance(actions, list)
    assert {"action": "created", "file": ENTITY} in actions


def test_the_tree_hash_sees_files_and_not_our_state(project: ProjectFiles) -> None:
    first = tree_hash(project)
    for folder in (".rockets", "dist", ".data"):
        project.write(f"{folder}/x", "1")
    Path(project.root, "node_modules").mkdir()
    Path(project.root, "node_modules/y").touch()
    assert tree_hash(project) == first
    project.write("src/dist/x", "1")
    second = tree_hash(project)
    assert second != first
    project.write("src/dist/x", "2")
    assert tree_hash(project) not in {first, second}
    project.delete("src/dist/x")
    assert tree_hash(project) == first
