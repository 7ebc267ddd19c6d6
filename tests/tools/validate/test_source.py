"""What a file says of its imports, parsed or not."""

from rockets_tools.validate.module import Origin
from rockets_tools.validate.source import Source

IMPORT = "import { A } from './a';\n"


def test_a_template_string_behind_the_imports_is_no_hindrance() -> None:
    source = Source("src/a.ts", f"{IMPORT}const b = `${{A}}/b`;\n")
    assert source.imports == {"A": Origin("./a", "A")}


def test_an_import_inside_a_template_string_is_none() -> None:
    source = Source("src/a.ts", f"{IMPORT}const b = `\nimport {{ B }} from './b';\n`;\n")
    assert source.imports == {"A": Origin("./a", "A")}


def test_an_import_inside_a_comment_is_none() -> None:
    source = Source("src/a.ts", f"{IMPORT}/*\nimport {{ B }} from './b';\n*/\n")
    assert source.imports == {"A": Origin("./a", "A")}
