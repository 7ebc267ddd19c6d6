"""Tokens that must not be accepted, made of one that is."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from rockets_tools.smoke.model import WrongToken
from rockets_tools.smoke.stage import stable_id

LONG_AGO = 1_000_000_000
FAR_AWAY = 4_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What a login gave: two JSON Web Tokens."""

    access: str
    refresh: str


def wrong_token(kind: WrongToken, good: Tokens, secret: str) -> str:
    """A token of this kind; `secret` is what the application signs access tokens with."""
    claims = _claims(good.access)
    match kind:
        case "refresh":
            return good.refresh
        case "garbage":
            return "garbage.garbage.garbage"
        case "unsigned":
            return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."
        case "expired":
            return signed({**claims, "iat": LONG_AGO, "exp": LONG_AGO + 60}, secret)
        case "forged":
            return signed({**claims, "exp": FAR_AWAY}, f"{secret}-not")
        case "nobody":
            return signed({**claims, "sub": stable_id("smoke/nobody"), "exp": FAR_AWAY}, secret)


def signed(claims: Mapping[str, object], secret: str) -> str:
    """A JSON Web Token, HS256."""
    text = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    digest = hmac.digest(secret.encode(), text.encode(), hashlib.sha256)
    return f"{text}.{_encoded(digest)}"


def _claims(token: str) -> dict[str, object]:
    part = token.split(".")[1]
    return cast("dict[str, object]", json.loads(base64.urlsafe_b64decode(part + "=" * 3)))


def _part(value: Mapping[str, object]) -> str:
    return _encoded(json.dumps(value, separators=(",", ":")).encode())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
