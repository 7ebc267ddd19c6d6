"""Defects 31 to 37: wiring into files as people really have them."""

import json
import re
from pathlib import Path

import pytest
from tests.command import fresh_project
from tests.typescript import elements, imported, members, nodes, parse, text_of

from rockets_tools.files import ProjectFiles
from rockets_tools.generate import render_entity
from rockets_tools.integrate import integrate
from rockets_tools.plan import read_plan
from rockets_tools.plan.model import Plan
from rockets_tools.validate import validate

MODULE, ACL = "src/app.module.ts", "src/app.acl.ts"
SETTINGS = "src/config/typeorm.settings.ts"
LAST_IMPORTS = "    AppAuthModule,\n  ],"
ENTITIES = "    entities: [UserEntity, RoleEntity, UserRoleEntity],"


@pytest.fixture
def files(tmp_path: Path) -> ProjectFiles:
    return ProjectFiles(fresh_project(tmp_path / "shop"))


def plan_of(*names: str) -> Plan:
    acl = {"admin": {"possession": "any", "operations": ["read"]}}
    entities = [{"entityName": name, "acl": acl} for name in names]
    return read_plan(json.dumps({"entities": entities})).plan


def edit(files: ProjectFiles, path: str, old: str, new: str) -> None:
    text = files.read(path)
    assert text is not None
    assert old in text
    files.write(path, text.replace(old, new, 1))


def wire(files: ProjectFiles, *names: str) -> dict[str, str]:
    """The shared files after integrating these entities; everything of them is in force."""
    plan = plan_of(*names)
    rendered = [render_entity(plan.entities[name], plan.entities) for name in plan.entities]
    integrate(files, rendered)
    texts = {path: files.read(path) or "" for path in (MODULE, ACL, SETTINGS)}
    result = validate(files, plan=plan, migrations=False)
    assert result.passed, result.issues
    integrate(files, rendered)
    assert {path: files.read(path) for path in texts} == texts
    for name in plan.entities:
        kebab = plan.entities[name].kebab
        module = local(texts[MODULE], f"./modules/{kebab}/{kebab}.module")
        assert module in elements(texts[MODULE], "imports")
        service = local(texts[MODULE], f"./modules/{kebab}/{kebab}-access-query.service")
        assert service in elements(texts[MODULE], "queryServices")
        entity = local(texts[SETTINGS], f"../modules/{kebab}/entities/{kebab}.entity")
        assert entity in elements(texts[SETTINGS], "entities")
        assert members(texts[ACL], "AppResource")[name] == f"'{kebab}'"
    return texts


def local(text: str, source: str) -> str:
    """What a class is called in a file, by where it comes from."""
    (name,) = [name for name, origin in imported(text).items() if origin == source]
    return name


def test_defect_31_a_name_inside_another_is_not_that_name(files: ProjectFiles) -> None:
    edit(files, ACL, "/** One record", "/** Pattern: CategoryModule, CategoryEntity. One record")
    edit(files, MODULE, "@Module({", "// CategoryModule comes later\n@Module({")
    edit(files, SETTINGS, ENTITIES, f"    // CategoryEntity\n{ENTITIES}")
    wire(files, "ProductTag")
    wire(files, "Tag", "Pat", "App", "Use", "Category")


@pytest.mark.parametrize(
    "comment", ["// see [1]]", "/* ] */", "// [", "{ provide: 'a]', useValue: '[' },"]
)
def test_defect_32_brackets_that_are_no_code(comment: str, files: ProjectFiles) -> None:
    edit(files, MODULE, "    AppAuthModule,\n", f"    {comment}\n    AppAuthModule,\n")
    edit(files, SETTINGS, ENTITIES, f"    // {comment}\n{ENTITIES}")
    assert comment in wire(files, "Tag")[MODULE]


@pytest.mark.parametrize(
    "later", ["// import is a word\n", "void import('./late');\n", 'const s = "\\nimport x";\n']
)
def test_defect_33_the_word_import_further_down(later: str, files: ProjectFiles) -> None:
    text = f"{files.read(MODULE)}\n{later}"
    files.write(MODULE, text)
    wired = wire(files, "Tag")[MODULE]
    root = parse(wired).named_children
    last = max(i for i, node in enumerate(root) if node.type == "import_statement")
    assert all(node.type in {"import_statement", "comment"} for node in root[:last])
    assert wired.endswith(later)


def test_defect_34_the_last_import_over_several_lines(files: ProjectFiles) -> None:
    for path, first in ((MODULE, "\n@Module({"), (SETTINGS, "\n/** The embedded")):
        edit(files, path, first, f"import {{\n  one,\n  two,\n}} from './many';\n{first}")
    texts = wire(files, "Tag")
    for path in (MODULE, SETTINGS):
        assert imported(texts[path])["one"] == "./many"
        assert "import {\n  one,\n  two,\n} from './many';\n" in texts[path]


def test_defect_35_no_comma_before_a_comment(files: ProjectFiles) -> None:
    edit(files, MODULE, LAST_IMPORTS, "    AppAuthModule // the last one\n  ],")
    edit(
        files,
        SETTINGS,
        ENTITIES,
        "    entities: [\n      UserEntity,\n      RoleEntity,\n"
        "      UserRoleEntity /* , more */ // and, more\n    ],",
    )
    edit(
        files,
        ACL,
        "  RoleAssignmentList = 'role-assignment-list',\n}",
        "  RoleAssignmentList = 'role-assignment-list' // the } last one\n}",
    )
    texts = wire(files, "Tag")
    assert "AppAuthModule, // the last one\n" in texts[MODULE]
    assert "RoleAssignmentList = 'role-assignment-list', // the } last one\n" in texts[ACL]


def test_defect_36_code_in_comments(files: ProjectFiles) -> None:
    edit(files, MODULE, "@Module({", "/** Like `@Module({ imports: [] })`. */\n@Module({")
    edit(files, SETTINGS, ENTITIES, f"    // entities: [\n{ENTITIES}")
    texts = wire(files, "Tag")
    assert "/** Like `@Module({ imports: [] })`. */" in texts[MODULE]
    assert "// entities: [\n" in texts[SETTINGS]


def test_defect_37_an_object_in_place_of_the_enum(files: ProjectFiles) -> None:
    text = files.read(ACL) or ""
    head, _, rest = text.partition("export enum AppResource {")
    body, _, tail = rest.partition("}")
    entries = re.sub(r" = ", ": ", body)
    files.write(ACL, f"{head}export const AppResource = {{{entries}}} as const;{tail}")
    wire(files, "Tag")


def test_defect_37_a_const_enum(files: ProjectFiles) -> None:
    edit(files, ACL, "export enum AppResource", "export const enum AppResource")
    wire(files, "Tag")


def test_defect_37_rules_that_are_locked_at_the_end(files: ProjectFiles) -> None:
    files.write(ACL, f"{files.read(ACL)}\nacRules.lock();\n")
    text = wire(files, "Tag")[ACL]
    calls = [text_of(node) for node in nodes(parse(text), "expression_statement")]
    assert calls[-1] == "acRules.lock();"
    assert any("AppResource.Tag" in call for call in calls)


def test_defect_37_rules_of_another_name(files: ProjectFiles) -> None:
    for path in (MODULE, ACL):
        files.write(path, (files.read(path) or "").replace("acRules", "appRules"))
    text = wire(files, "Tag")[ACL]
    assert "appRules.grant(AppRole.Admin).resource([AppResource.Tag" in text
    assert "acRules" not in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@Module({\n  imports: [", "const features = [];\n@Module({\n  imports: ["),
        ("    AppAuthModule,\n  ],", "    AppAuthModule,\n    ...[],\n  ],"),
    ],
    ids=["a variable beside", "a spread at the end"],
)
def test_defect_37_what_it_did_right(old: str, new: str, files: ProjectFiles) -> None:
    edit(files, MODULE, old, new)
    wire(files, "Tag")


def test_defect_37_crlf_stays_crlf(files: ProjectFiles) -> None:
    for path in (MODULE, ACL, SETTINGS):
        files.write(path, (files.read(path) or "").replace("\n", "\r\n").rstrip())
    for text in wire(files, "Tag").values():
        assert text.count("\n") == text.count("\r\n")
