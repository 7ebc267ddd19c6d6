"""Existing projects of different shapes get what our steps need, and keep what they have."""

import difflib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles
from rockets_tools.project import new_project
from rockets_tools.project.adopt import Adoption, adopt, plan_adoption
from rockets_tools.tree import tree_hash
from rockets_tools.validate import Severity, validate

EXISTING = Path(__file__).with_name("existing")
SHAPES = ("bare", "own", "scattered")


@pytest.fixture
def project(tmp_path: Path) -> Callable[[str], ProjectFiles]:
    """Makes a copy of one of the projects in `existing`."""

    def make(shape: str) -> ProjectFiles:
        folder = tmp_path / shape
        shutil.copytree(EXISTING / shape, folder)
        return ProjectFiles(folder)

    return make


def inserted(files: ProjectFiles, adoption: Adoption, path: str) -> tuple[list[str], list[str]]:
    """The lines that came and those that went."""
    old = (files.read(path) or "").splitlines()
    new = adoption.wired[path].splitlines()
    changes = list(difflib.ndiff(old, new))
    return (
        [line[2:].strip() for line in changes if line.startswith("+ ")],
        [line[2:].strip() for line in changes if line.startswith("- ")],
    )


def test_a_fresh_project_lacks_nothing(tmp_path: Path) -> None:
    new_project(tmp_path / "shop")
    adoption = plan_adoption(ProjectFiles(tmp_path / "shop"))
    assert not adoption
    assert adoption.as_json() == {
        "written": [],
        "wired": [],
        "warnings": [],
        "lockOutdated": False,
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_planning_writes_nothing(project: Callable[[str], ProjectFiles], shape: str) -> None:
    files = project(shape)
    before = tree_hash(files)
    assert plan_adoption(files)
    assert tree_hash(files) == before


@pytest.mark.parametrize("shape", SHAPES)
def test_no_file_of_the_project_is_replaced(
    project: Callable[[str], ProjectFiles], shape: str
) -> None:
    files = project(shape)
    adoption = plan_adoption(files)
    assert not [path for path in adoption.written if files.exists(path)]
    assert all(files.exists(path) for path in adoption.wired)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_second_call_finds_nothing(project: Callable[[str], ProjectFiles], shape: str) -> None:
    files = project(shape)
    adopt(files)
    once = tree_hash(files)
    assert not adopt(files)
    assert tree_hash(files) == once


@pytest.mark.parametrize("shape", SHAPES)
def test_an_interrupted_call_is_completed(
    project: Callable[[str], ProjectFiles], shape: str, tmp_path: Path
) -> None:
    files = project(shape)
    adoption = plan_adoption(files)
    shutil.copytree(files.root, tmp_path / "whole")
    adopt(ProjectFiles(tmp_path / "whole"))
    for path in list(adoption.written)[::2]:
        files.write(path, adoption.written[path])
    for path in [path for path in adoption.wired if path.startswith("src/c")]:
        files.write(path, adoption.wired[path])
    adopt(files)
    assert tree_hash(files) == tree_hash(ProjectFiles(tmp_path / "whole"))


def test_a_project_without_users_gets_ours(project: Callable[[str], ProjectFiles]) -> None:
    files = project("bare")
    adoption = plan_adoption(files)
    came, went = inserted(files, adoption, "src/app.module.ts")
    assert "import './config/environment';" in came[:1]
    assert "AppAuthModule," in came
    assert went[0] == "TypeOrmExtModule.forRoot({"
    assert "TypeOrmExtModule.forRoot(typeOrmSettings())," in came
    assert "src/modules/user/entities/user.entity.ts" in adoption.written
    assert "adopt-login" in [warning.code for warning in adoption.warnings]
    assert inserted(files, adoption, "src/main.ts") == (
        ["await app.listen(process.env.PORT || 3000);"],
        ["await app.listen(3000);"],
    )


def test_a_project_with_users_keeps_its_own(project: Callable[[str], ProjectFiles]) -> None:
    files = project("own")
    adoption = plan_adoption(files)
    entity = adoption.written["src/modules/user/entities/user.entity.ts"]
    assert "export { Account as UserEntity } from '../../../entities/account.entity';" in entity
    assert "src/config/environment.ts" not in adoption.written
    came, went = inserted(files, adoption, "src/entities/account.entity.ts")
    assert '@AccessPolicy({ resource: UserResource, fields: ["id", "username"] })' in came
    assert went == []
    assert inserted(files, adoption, "src/acl/app.acl.ts") == (['User = "user",'], [])
    assert "AppRole.ADMIN" in adoption.written["src/admin.ts"]
    assert "config/environment" not in adoption.written["src/admin.ts"]
    came, _ = inserted(files, adoption, "src/app.module.ts")
    assert not [line for line in came if "UserModule.for" in line or "AuthJwtModule" in line]
    assert "adopt-sign-up" in [warning.code for warning in adoption.warnings]


def test_rules_and_settings_are_found_where_they_are(
    project: Callable[[str], ProjectFiles],
) -> None:
    files = project("scattered")
    adoption = plan_adoption(files)
    assert "src/app.acl.ts" not in adoption.written
    assert "export enum AppRole {" in adoption.wired["src/security/rules.ts"]
    assert (
        "from '../../security/rules'"
        in (adoption.written["src/modules/role/app-access-control.service.ts"])
    )
    settings = adoption.wired["src/database/data-source.ts"]
    assert "const entities = [TrackEntity, UserEntity, RoleEntity, UserRoleEntity];" in settings
    assert "url: process.env.DATABASE_URL," in settings
    assert "AppDataSource as default" in adoption.written["src/ormconfig.ts"]


def test_json_keeps_its_form(project: Callable[[str], ProjectFiles]) -> None:
    for shape in SHAPES:
        files = project(shape)
        adoption = plan_adoption(files)
        before = json.loads(files.read("package.json") or "")
        after = json.loads(adoption.wired["package.json"])
        for section in ("scripts", "dependencies", "devDependencies"):
            theirs = before.get(section, {})
            assert list(theirs.items()) == list(after.get(section, {}).items())[: len(theirs)]
        assert after["overrides"]["bcrypt"] == "6.0.0"
        assert adoption.lock_outdated
        assert ("\n\t\t" in adoption.wired["package.json"]) == (shape == "own")


Edit = tuple[str, str, str]
"""A file, what stands in it, what is put there; a file without text is made."""

REFUSED: dict[str, tuple[str, Edit, str]] = {
    "ES modules": ("bare", ("package.json", '"private"', '"type": "module", "private"'), "module"),
    "another Nest": ("own", ("package.json", '/core": "10.4.22"', '/core": "11.0.0"'), "version"),
    "yarn": ("bare", ("yarn.lock", "", "# yarn lockfile v1\n"), "packages"),
    "files beside src": ("bare", ("seed.ts", "", "export {};\n"), "compiler"),
    "another output": ("own", ("tsconfig.json", '"outDir": "dist"', '"outDir": "lib"'), "compiler"),
    "strict overrides": (
        "own",
        ("tsconfig.json", '"strict"', '"noImplicitOverride": true, "strict"'),
        "compiler",
    ),
    "a prefix": (
        "bare",
        ("src/main.ts", "  await", "  app.setGlobalPrefix('v1');\n  await"),
        "prefix",
    ),
    "another filter": (
        "bare",
        ("src/main.ts", "  await", "  app.useGlobalFilters(new Mine());\n  await"),
        "filter",
    ),
    "a database of another kind": (
        "bare",
        ("src/app.module.ts", "type: 'postgres'", "type: 'mysql'"),
        "database-type",
    ),
    "SSL for all": (
        "own",
        ("src/config/typeorm.config.ts", "logging", "ssl: true, logging"),
        "database-ssl",
    ),
    "a URL of its own": (
        "own",
        ("src/config/typeorm.config.ts", "process.env.DATABASE_URL", "process.env.DB"),
        "database-url",
    ),
    "half of the users": (
        "own",
        ("src/app.module.ts", "AuthJwtModule.forRootAsync({ ...lookup() }),", ""),
        "people",
    ),
    "no relation to roles": (
        "own",
        ("src/entities/account.entity.ts", "userRoles!:", "assignments!:"),
        "user-roles",
    ),
    "more to know of a user": (
        "own",
        ("src/entities/account.entity.ts", ", nullable: true", ""),
        "user-column",
    ),
    "a table of the SDK": ("bare", ("src/notes/note.entity.ts", "'note'", "'user'"), "table-taken"),
    "a file in our place": (
        "bare",
        ("src/common/crud/crud.service.ts", "", "export class Mine {}\n"),
        "file-taken",
    ),
    "options for the command line": (
        "own",
        ("src/ormconfig.ts", "", "export default {};\n"),
        "ormconfig",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_safe_is_refused_before_anything_is_written(
    project: Callable[[str], ProjectFiles], case: str
) -> None:
    shape, (path, old, new), code = REFUSED[case]
    files = project(shape)
    text = files.read(path) or ""
    assert old in text
    files.write(path, text.replace(old, new, 1) if text else new)
    before = tree_hash(files)
    with pytest.raises(InputError) as caught:
        adopt(files)
    assert [p.code for p in caught.value.problems] == [f"adopt-{code}"], caught.value
    assert all(p.fix for p in caught.value.problems)
    assert tree_hash(files) == before
    assert not (files.root / ".rockets").exists()


def test_everything_that_is_wrong_is_told_at_once(project: Callable[[str], ProjectFiles]) -> None:
    files = project("bare")
    for case in ("ES modules", "a prefix", "a table of the SDK", "a file in our place"):
        _, (path, old, new), _ = REFUSED[case]
        files.write(path, (files.read(path) or old).replace(old, new, 1) if old else new)
    with pytest.raises(InputError) as caught:
        plan_adoption(files)
    assert {p.code for p in caught.value.problems} == {
        "adopt-module",
        "adopt-prefix",
        "adopt-table-taken",
        "adopt-file-taken",
    }


def test_nothing_is_written_through_a_link(
    project: Callable[[str], ProjectFiles], tmp_path: Path
) -> None:
    files = project("bare")
    outside = tmp_path / "outside"
    outside.mkdir()
    (files.root / "src/common").symlink_to(outside)
    with pytest.raises(InputError) as caught:
        adopt(files)
    assert "path-outside-project" in [p.code for p in caught.value.problems]
    assert list(outside.iterdir()) == []


def test_code_of_before_is_judged_when_somebody_edits_it(
    project: Callable[[str], ProjectFiles],
) -> None:
    files = project("bare")
    adopt(files)
    path = "src/notes/notes.controller.ts"
    found = [i for i in validate(files, migrations=False).issues if i.file == path]
    assert found
    assert all(i.severity is Severity.WARNING for i in found)
    files.write(path, f"{files.read(path)}\n// edited\n")
    found = [i for i in validate(files, migrations=False).issues if i.file == path]
    assert "inject-repository-location" in {i.rule for i in found if i.severity.fails}
    files.write("src/notes/new.service.ts", files.read(path) or "")
    assert not adopt(files), "what is bad later is not forgiven"


def test_a_record_that_is_none_forgives_nothing(project: Callable[[str], ProjectFiles]) -> None:
    files = project("bare")
    adopt(files)
    for text in ("", "[]", '{"files": ["src"]}', "\x00", '{"files": {"../x": "0", "a": 1}}'):
        files.write(".rockets/adopted.json", text)
        assert not validate(files, migrations=False).passed
