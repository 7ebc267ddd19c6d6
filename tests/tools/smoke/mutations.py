"""Guards of the generated application, and what it looks like when somebody takes one away."""

from dataclasses import dataclass

Place = tuple[str, str, str, str]
"""Entity, role, operation, ownership of a cell."""


@dataclass(frozen=True)
class Mutation:
    file: str
    """Below dist/."""
    old: str
    """Regular expression; must be there."""
    new: str
    cell: Place
    """Must be red."""


ADAPTER = "common/crud/typeorm-crud.adapter.js"
QUERY = "common/crud/crud-query.js"
CONDITION = "common/crud/crud-condition.js"
PRODUCT = "modules/product/product"

MUTATIONS = {
    "the access query says yes": Mutation(
        f"{PRODUCT}-access-query.service.js",
        r"return \(0, owned_rows_1\.mayUseOwn\)\(.*?\);",
        "return true;",
        ("Product", "user", "readOne", "other"),
    ),
    "the owner is not forced": Mutation(
        ADAPTER,
        r"caller\.ownOnly \|\| given === undefined",
        "given === undefined",
        ("Product", "user", "createOne", "other"),
    ),
    "the owner may be changed": Mutation(
        ADAPTER,
        r"caller\.ownOnly && owner !== undefined && owner in changes",
        "false",
        ("Product", "user", "updateOne", "other"),
    ),
    "the list is not filtered": Mutation(
        QUERY,
        r"if \(this\.caller\.ownOnly\) \{",
        "if (false) {",
        ("Product", "user", "readMany", "other"),
    ),
    "names are not checked": Mutation(
        QUERY,
        r"this\.columns\.get\(name\);",
        "this.columns.get(name) ?? this.columns.get('id');",
        ("Category", "user", "readMany", "any"),
    ),
    "hidden columns can be named": Mutation(
        QUERY,
        r"policy\.fields\?\.includes\(propertyName\)",
        "true",
        ("Product", "admin", "readMany", "any"),
    ),
    "joins ask no role": Mutation(
        QUERY,
        r"relation && readPossession\(relation, this\.caller\)",
        "relation && 'any'",
        ("Product", "clerk", "readOne", "any"),
    ),
    "joins show others' rows": Mutation(
        QUERY,
        r"ownOnly: possession === .*?,",
        "ownOnly: false,",
        ("Note", "user", "readOne", "own"),
    ),
    "deleted rows are shown to all": Mutation(
        QUERY,
        r"throw new common_1\.ForbiddenException\(\);\s*\}\s*return true;",
        "} return true;",
        ("Category", "user", "readMany", "any"),
    ),
    "pages have no limit": Mutation(
        QUERY, r"MAX_LIMIT = 100", "MAX_LIMIT = 1e9", ("Category", "user", "readMany", "any")
    ),
    "references are not the caller's": Mutation(
        "common/crud/references.js",
        r"const own = ",
        "const own = false && ",
        ("Note", "user", "createOne", "other"),
    ),
    "references need not exist": Mutation(
        "common/crud/references.js",
        r"found\.length < ids\.length",
        "false",
        ("Note", "user", "createOne", "other"),
    ),
    "a parent may be another's": Mutation(
        ADAPTER,
        r"!caller\.ownOnly \|\| !owner\?\.includes\('\.'\)",
        "true",
        ("Page", "user", "createOne", "other"),
    ),
    "the query counts on one record": Mutation(
        ADAPTER,
        r"function idOf\(request\) \{",
        'function idOf(request) { const f = /"\\$eq":"([-0-9a-f]{36})"/g;'
        " const all = [...JSON.stringify(request.parsed.search).matchAll(f)];"
        " if (all.length > 1) return all[all.length - 1][1];",
        ("Category", "admin", "deleteOne", "any"),
    ),
    "deleting ignores RESTRICT": Mutation(
        "common/crud/delete-rules.js",
        r"throw new common_1\.ConflictException\(.*?\);",
        "continue;",
        ("Category", "admin", "deleteOne", "any"),
    ),
    "JSON is emptied": Mutation(
        "config/crud.settings.js",
        r"strategy: 'exposeAll'",
        "strategy: 'excludeAll'",
        ("Product", "user", "readOne", "own"),
    ),
    "decimals stay text": Mutation(
        "common/crud/decimal.transformer.js",
        r"Number\(value\)",
        "value",
        ("Product", "clerk", "readOne", "any"),
    ),
    "a grant too many": Mutation(
        "app.acl.js",
        r"\.resource\(\[AppResource\.Category, AppResource\.CategoryList\]\)\.readAny\(\);",
        ".resource([AppResource.Category, AppResource.CategoryList]).readAny().deleteAny();",
        ("Category", "user", "deleteOne", "none"),
    ),
    "a grant too few": Mutation(
        "app.acl.js",
        r"\.resource\(\[AppResource\.Category, AppResource\.CategoryList\]\)\.readAny\(\);",
        ";",
        ("Category", "user", "readMany", "any"),
    ),
    "a handler without a guard": Mutation(
        f"{PRODUCT}.crud.controller.js",
        r"\(0, nestjs_access_control_1\.AccessControlDeleteOne\)\(.*?\),",
        "",
        # The generated code refuses whom no guard has let in: now nobody may.
        ("Product", "admin", "deleteOne", "any"),
    ),
    "a unique value breaks": Mutation(
        "common/filters/describe-database-error.js",
        r"code === UNIQUE_VIOLATION",
        "false",
        ("Category", "admin", "createOne", "any"),
    ),
}
