"""The document's table of users: what the SDK's User has is matched, the rest is a profile."""

from collections.abc import Mapping, Sequence

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.mapping import keys, words
from rockets_tools.documents.mapping.draft import USER, EntityDraft, Link, RelationDraft
from rockets_tools.documents.mapping.entities import Registry
from rockets_tools.documents.mapping.members import Members
from rockets_tools.documents.mapping.secrets import is_secret
from rockets_tools.documents.schema import Column, Schema, Table
from rockets_tools.plan import names
from rockets_tools.plan.model import FieldType

_TEXT = frozenset({FieldType.STRING, FieldType.TEXT})
_SHARED: Mapping[str, tuple[str, frozenset[FieldType]]] = {
    **dict.fromkeys(
        ("username", "login", "loginname", "userlogin", "nickname", "userid"), ("username", _TEXT)
    ),
    **dict.fromkeys(("email", "emailaddress", "mail", "useremail", "emailid"), ("email", _TEXT)),
    **dict.fromkeys(
        ("active", "isactive", "enabled", "isenabled"), ("active", frozenset({FieldType.BOOLEAN}))
    ),
}
_RIGHTS = frozenset({"role", "roles", "admin", "superuser", "staff", "permissions", "privileges"})
_TOKENS = frozenset({"token", "otp", "totp", "mfa", "pass", "hash"})


class UserReader:
    """Matches the columns of one table with the SDK's User."""

    def __init__(self, schema: Schema, found: Findings, members: Members) -> None:
        self._schema, self._found, self._members = schema, found, members

    def profile(
        self, table: Table, links: Sequence[Link], registry: Registry
    ) -> EntityDraft | None:
        """`UserProfile` with what the SDK's User has no place for; None when nothing is left."""
        gone = self._matched(table, {n for link in links for n in link.key.columns})
        left = [
            column
            for column in table.columns.values()
            if column.name not in gone and not column.computed
        ]
        self._found.notice(
            "user",
            table.span,
            f"The {self._schema.table_word} {table.name} is the SDK's User"
            + ("; what User lacks becomes a profile." if left else "."),
            "References to it become relations to User.",
        )
        for column in left:
            if not _RIGHTS.isdisjoint(names.words(words.plain(column.name))):
                self._found.notice(
                    "user-rights",
                    column.span,
                    f"{table.name}.{column.name} is kept in the profile and gives no rights: "
                    "roles are assigned by the SDK.",
                    "Remove it from the plan if it only says who may do what.",
                )
        if not left and not any(not link.key.columns for link in links):
            return None
        profile = registry.made(("UserProfile", "UserDetail", "UserAccount"), table)
        profile.properties |= {"user", "userid"}
        profile.columns.add("userid")
        profile.relations.append(
            RelationDraft(
                name="user",
                foreign_key="userId",
                target=USER,
                span=table.span,
                columns=(),
                one_to_one=True,
                on_delete="CASCADE",
            )
        )
        profile.guesses.append(
            f"it holds what {table.name} has beside the SDK's User, one row for each user"
        )
        self._members.fill(profile, links, matched=frozenset(gone))
        profile.key = ()
        return profile

    def _matched(self, table: Table, held: set[str]) -> set[str]:
        """Columns that User has or that are left out; each is said."""
        gone: set[str] = set()
        key = keys.key_column(table)
        taken = self._taken(table, held, key)
        for column in table.columns.values():
            low = column.name
            if low in held:
                continue
            match = self._match(table, column, key)
            if match is not None and taken[match] == low:
                gone.add(low)
                self._found.notice(
                    "user-column",
                    column.span,
                    f"{table.name}.{column.name} becomes User.{match}, which the SDK has.",
                    "Nothing to do.",
                )
            elif is_secret(column) or not _TOKENS.isdisjoint(names.words(words.plain(column.name))):
                gone.add(low)
                self._found.notice(
                    "user-secret",
                    column.span,
                    f"{table.name}.{column.name} is left out: the SDK keeps passwords and tokens "
                    "itself.",
                    "Users choose a new password.",
                )
        return gone

    def _taken(self, table: Table, held: set[str], key: str | None) -> dict[str, str]:
        """Property of User to the column that becomes it: the one called so, else the first."""
        taken: dict[str, str] = {}
        for column in table.columns.values():
            match = None if column.name in held else self._match(table, column, key)
            if match is not None:
                called = names.key(words.plain(column.name)) in (match, f"user{match}")
                taken[match] = column.name if called else taken.get(match, column.name)
        return taken

    def _match(self, table: Table, column: Column, key: str | None) -> str | None:
        kind = column.type.type if column.type else None
        shared = _SHARED.get(names.key(words.plain(column.name)))
        if shared is not None and kind in shared[1]:
            return shared[0]
        if column.name == key and keys.is_surrogate(table, column, vague=self._schema.vague):
            return "id"
        return keys.inherited(column)
