"""Columns that no answer may carry, told by their names."""

from itertools import pairwise

from rockets_tools.documents.mapping import words
from rockets_tools.documents.schema import Column, ColumnType
from rockets_tools.plan import names
from rockets_tools.plan.model import FieldType

_SECRETS = frozenset(
    {
        "password", "passwd", "pwd", "passphrase", "salt", "secret", "passcode", "senha",
        "contrasena", "contrasenia", "passwort", "kennwort", "wachtwoord", "parola", "haslo",
        "parol", "heslo", "lozinka", "mdp",
    }
)  # fmt: skip
_SECRET_PAIRS = frozenset(
    {
        "passwordhash", "passhash", "pinhash", "apikey", "secretkey", "privatekey", "accesstoken",
        "refreshtoken", "remembertoken", "resettoken", "sessiontoken", "authtoken",
        "confirmationtoken", "verificationtoken", "activationkey", "passwdhash", "userpass",
        "motdepasse", "authpass", "dbpass", "smtppass", "accesskey", "apitoken", "oauthtoken",
        "bearertoken",
    }
)  # fmt: skip


def is_secret(column: Column) -> bool:
    """A password, a salt, a token: by its name."""
    parts = names.words(words.plain(column.name))
    pairs = {"".join(pair) for pair in pairwise(parts)}
    named = not _SECRETS.isdisjoint(parts) or any(
        word in part for part in parts for word in ("password", "passwd", "passphrase")
    )
    text = column.type is not None and column.type.type in (FieldType.STRING, FieldType.TEXT)
    named |= text and parts[-1:] == ("token",)
    return named or not _SECRET_PAIRS.isdisjoint(pairs | {"".join(parts)} | set(parts))


def holds_secret(kind: ColumnType, column: Column) -> bool:
    """`password_min_length int` and `password_reset bool` only speak of one."""
    if kind.type in (FieldType.NUMBER, FieldType.FLOAT):
        return names.words(words.plain(column.name))[-1] in _SECRETS
    return kind.type not in (FieldType.BOOLEAN, FieldType.DATE)
