"""What the real tools say of the wired files: the formatter, and the access control library."""

import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from rockets_tools.files import ProjectFiles
from rockets_tools.generate.result import Rendered, Wiring
from rockets_tools.integrate import integrate
from rockets_tools.integrate.wiring.acl import wire_acl
from rockets_tools.node import find_node

GOLDEN = Path(__file__).parent / "golden"
ACL = sorted(GOLDEN.glob("acl/*.ts"))
SHARED = ["src/app.module.ts", "src/app.acl.ts", "src/config/typeorm.settings.ts"]

PRETTIER = """
const prettier = require('prettier');
const { texts } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const options = { parser: 'typescript', printWidth: 100, singleQuote: true, trailingComma: 'all' };
Promise.all(texts.map((text) => prettier.check(text, options)))
  .then((answers) => console.log(JSON.stringify(answers)));
"""

GRANTED = """
const typescript = require('typescript');
const { texts, resources } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const answers = texts.map((text) => {
  const { outputText } = typescript.transpileModule(text, { compilerOptions: { module: 1 } });
  const loaded = { exports: {} };
  new Function('module', 'exports', 'require', outputText)(loaded, loaded.exports, require);
  const rules = Object.values(loaded.exports).find((value) => value && value.getGrants);
  const granted = [];
  for (const role of rules.getRoles())
    for (const resource of resources)
      for (const action of ['create', 'read', 'update', 'delete'])
        for (const possession of ['any', 'own'])
          if (rules.permission({ role, resource, action, possession }).granted)
            granted.push([role, resource, action, possession].join(' '));
  return granted;
});
console.log(JSON.stringify(answers));
"""


@pytest.fixture
def ask(warm_modules: Path) -> Callable[..., list[object]]:
    """Run a script with the template's packages; JSON in, JSON out."""

    def run(script: str, **question: object) -> list[object]:
        done = subprocess.run(
            [str(find_node().node), "-e", script],
            cwd=warm_modules.parent,
            input=json.dumps(question),
            capture_output=True,
            text=True,
            check=True,
        )
        answer: list[object] = json.loads(done.stdout)
        return answer

    return run


@pytest.mark.node
def test_what_was_formatted_stays_formatted(ask: Callable[..., list[object]]) -> None:
    parts = [path.read_text().split("//// after\n") for path in sorted(GOLDEN.rglob("*.ts"))]
    before = ask(PRETTIER, texts=[part[0] for part in parts])
    after = ask(PRETTIER, texts=[part[1] for part in parts])
    assert before.count(True) >= 10
    spoiled = [
        path.name
        for path, was, is_now in zip(sorted(GOLDEN.rglob("*.ts")), before, after, strict=True)
        if was and not is_now
    ]
    assert not spoiled


@pytest.mark.node
def test_the_template_stays_formatted_wave_by_wave(
    warm_project: Callable[[str], Path],
    ask: Callable[..., list[object]],
    rendered: Callable[..., Rendered],
) -> None:
    files = ProjectFiles(warm_project("shop"))
    waves = [
        ["A", "Product"],
        ["ProductTag", "Event", "Config", "VeryLongNameOfAnEntityThatFillsItsLine"],
        ["AnEvenLongerNameOfAnEntityWithoutWhichThisLineWouldBeShort", "Role2", "Zoo"],
    ]
    acl = {
        "admin": "any:create,read,update,delete",
        "user": "own:read",
        "store-manager": "any:read",
    }
    for wave in waves:
        integrate(files, [rendered(name, **acl) for name in wave])
        assert ask(PRETTIER, texts=[files.read(path) for path in SHARED]) == [True] * 3


@pytest.mark.node
def test_the_library_grants_what_the_plan_says(ask: Callable[..., list[object]]) -> None:
    """Whatever the project granted before: blankets, loops, grants objects, locks."""
    texts = [path.read_text().split("//// after\n")[1] for path in ACL]
    wanted = sorted(
        [
            f"admin {r} {a} {p}"
            for r in ("product", "product-list")
            for a in ("create", "read", "update", "delete")
            for p in ("any", "own")
        ]
        + [f"user {r} read own" for r in ("product", "product-list")]
    )
    answers = ask(GRANTED, texts=texts, resources=["product", "product-list"])
    for path, granted in zip(ACL, answers, strict=True):
        assert isinstance(granted, list)
        assert sorted(granted) == wanted, path.name


HEAD = """\
import { AccessControl } from 'accesscontrol';
export enum AppRole {
  Admin = 'admin',
  User = 'user',
  Guest = 'guest',
}
export enum AppResource {
  User = 'user',
  Product = 'product',
}
const all = Object.values(AppResource);
const some = [AppResource.Product, AppResource.User];
"""
START = [
    "export const acRules = new AccessControl();\n",
    "export const acRules = new AccessControl({ guest: { product: { 'read:any': ['*'] } } });\n",
]
STATEMENTS = [
    "acRules.grant([AppRole.Admin]).resource(all).createAny().readAny().updateAny().deleteAny();\n",
    "acRules.grant([AppRole.User, AppRole.Guest]).resource(all).createOwn().readOwn();\n",
    "for (const role of Object.values(AppRole)) acRules.grant(role).resource(all).readAny();\n",
    "acRules.grant(AppRole.Guest).resource(AppResource.Product).updateAny();\n",
    "acRules.grant(AppRole.Guest).readOwn(some).deleteOwn(some);\n",
    "acRules.deny(AppRole.User).resource(['product', 'product-list']).readAny().readOwn();\n",
    "acRules.grant('guest').resource(['product', 'product-list']).deleteAny(); // by hand\n",
    "acRules.removeResources('product-list');\n",
    "helper(acRules);\n",
    "indirect();\n",
    "acRules.grant(AppRole.User).resource(AppResource.User).readOwn();\n",
    "acRules.grant('guest').resource('product').readAny().grant('user').resource('user').readAny();\n",
]
HELPERS = """\
function helper(rules: AccessControl): void {
  rules.grant('guest').resource(['product', 'product-list']).createAny();
}
function indirect(): void {
  helper(acRules);
}
"""
PLANS = [
    {"admin": "any:create,read,update,delete", "user": "own:create,read"},
    {"user": "any:read"},
    {"admin": "any:read", "store-manager": "own:read,update"},
    {},
]


def cells(acl: dict[str, str]) -> list[str]:
    """Everything a plan's acl grants, in the words of `GRANTED`."""
    return sorted(
        f"{role} {resource} {action} {possession}"
        for role, text in acl.items()
        for resource in ("product", "product-list")
        for action in text.partition(":")[2].split(",")
        for possession in (("any", "own") if text.startswith("any") else ("own",))
    )


@pytest.mark.node
def test_the_plan_wins_over_any_mix_of_statements(
    ask: Callable[..., list[object]], wiring: Callable[..., Wiring]
) -> None:
    """Projects grant in every way, before and after we did, and the plan changes in between."""
    chance = random.Random(7)
    texts: list[str] = []
    wanted: list[list[str]] = []
    for _ in range(150):
        text = HEAD + chance.choice(START)
        acl: dict[str, str] = {}
        for _ in range(chance.randint(1, 3)):
            text += "".join(chance.sample(STATEMENTS, chance.randint(0, 3)))
            acl = chance.choice(PLANS)
            wirings = [wiring("Tag", user="any:read"), wiring("Product", acl=acl)]
            text = wire_acl(text + HELPERS, wirings, file="src/app.acl.ts") or text
            assert wire_acl(text, wirings, file="src/app.acl.ts") is None
            text = text.replace(HELPERS, "")
        lock = chance.choice(["", "acRules.lock();\n"])
        texts.append(
            (wire_acl(text + lock, wirings, file="src/app.acl.ts") or text + lock) + HELPERS
        )
        wanted.append(cells(acl))
    answers = ask(GRANTED, texts=texts, resources=["product", "product-list"])
    for text, granted, expected in zip(texts, answers, wanted, strict=True):
        assert isinstance(granted, list)
        assert sorted(granted) == expected, text
