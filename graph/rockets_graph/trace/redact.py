"""What must never reach a trace: keys, tokens and passwords, covered at one place.

Bytes go in and come out, so the same rules hold for an event, a prompt and a file. What is covered
stays covered: doing it twice changes nothing. A match costs, so each pattern has a needle that is
looked for first.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

HIDDEN = b"***"

SECRET_NAME = re.compile(
    r"api_?key|access_?key|private_?key|secret|token|passw|passphrase|credential|auth(?!or)", re.I
)
"""Environment variables whose value is a secret."""
SHORTEST = 8
"""Characters of a value that is looked for everywhere; a shorter one is in every other word."""
PLACEHOLDERS = re.compile(
    rb"(?i)\*+|x+|\.+|<.*>|\{.*\}|\$.*|%.*|(?:your|my)?[-_]?pass(?:word|wd)?|pw|secret|change[-_]?me"
    rb"|example|postgres|user(?:name)?|root|admin|db"
)
"""Passwords that are none."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Where the text has `needle`, what `secret` matches is covered, its group 1 kept."""

    needle: bytes
    secret: re.Pattern[bytes]


PATTERNS = (
    Pattern(b"sk-", re.compile(rb"()\bsk-[A-Za-z0-9_-]{16,}")),
    Pattern(b"eyJ", re.compile(rb"()\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")),
    Pattern(b"gh", re.compile(rb"()\bgh[opsur]_[A-Za-z0-9]{20,}")),
    Pattern(b"github_pat_", re.compile(rb"()\bgithub_pat_\w{20,}")),
    Pattern(b"glpat-", re.compile(rb"()\bglpat-[\w-]{16,}")),
    Pattern(b"npm_", re.compile(rb"()\bnpm_[A-Za-z0-9]{30,}")),
    Pattern(b"xox", re.compile(rb"()\bxox[abeoprs]-[\w-]{10,}")),
    Pattern(b"AKIA", re.compile(rb"()\bAKIA[0-9A-Z]{16}\b")),
    Pattern(b"AIza", re.compile(rb"()\bAIza[\w-]{30,}")),
    Pattern(
        b"PRIVATE KEY",
        re.compile(
            rb"(-----BEGIN [A-Z ]*PRIVATE KEY-----)[^\"*]{1,20000}?"
            rb"(?=-----END [A-Z ]*PRIVATE KEY-----)"
        ),
    ),
    Pattern(b"earer ", re.compile(rb"(\b[Bb]earer +)(?=[^\s\"'\\]*\d)[\w.~+/=-]{8,}")),
    Pattern(b"asic ", re.compile(rb"(uthorization[\"']? *[:=] *[\"']?[Bb]asic +)[\w.~+/=-]{4,}")),
    Pattern(
        b"key",
        re.compile(
            rb"((?i:x-api-key|api[-_]?key)[\"']? *[:=] *[\"']?)(?=[^\s\"'\\]*\d)[\w.~+/-]{16,}"
        ),
    ),
    Pattern(b"uthToken", re.compile(rb"(_authToken *= *)(?!\$)[^\s\"'\\*]{8,}")),
)
URL = re.compile(
    rb"(\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@\"'<>\\]{0,200}:)([^\s/@\"'<>\\]{1,500})(?=@)"
)
ENV_FILE = re.compile(r"\.env(?:[.-](?!.*(?:example|sample|template|dist)$).*)?|.+\.env", re.I)
SECRET_ENDINGS = (".key", ".pem", ".p12", ".pfx", ".jks", "id_rsa", "id_ed25519")


class Secrets:
    """Covers what looks like a secret, and the values that the environment calls one."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        found = {form for value in _values(environment) for form in _forms(value)}
        # The longest first: a secret may hold another.
        self._literals = tuple(sorted(found, key=len, reverse=True))

    def cover(self, data: bytes) -> bytes:
        """The same bytes with secrets replaced; the very object when there is none."""
        for literal in self._literals:
            if literal in data:
                data = data.replace(literal, HIDDEN)
        for pattern in PATTERNS:
            if pattern.needle in data:
                data = pattern.secret.sub(rb"\1" + HIDDEN, data)
        if b"://" in data and b"@" in data:
            data = URL.sub(_cover_password, data)
        return data

    def cover_file(self, path: str, data: bytes) -> bytes:
        """The bytes of a project's file; of one that is there to hold secrets, nothing."""
        if is_secret_file(path):
            return HIDDEN if data else data
        return self.cover(data)


def is_secret_file(path: str) -> bool:
    """Settings of a machine (`.env`) and keys: no agent may read them, no step of ours needs to."""
    name = path.rpartition("/")[2]
    return ENV_FILE.fullmatch(name) is not None or name.lower().endswith(SECRET_ENDINGS)


def _cover_password(match: re.Match[bytes]) -> bytes:
    if PLACEHOLDERS.fullmatch(match[2]):
        return match[0]
    return match[1] + HIDDEN


def _values(environment: Mapping[str, str]) -> Iterator[str]:
    """Values of secret variables, and the passwords of URLs."""
    for name, value in environment.items():
        if SECRET_NAME.search(name) and not _is_harmless(value):
            yield value
        if "://" in value and "@" in value:
            try:
                parts = urlsplit(value)
            except ValueError:
                continue
            password = parts.password
            words = {parts.username, parts.hostname, parts.path.strip("/"), parts.scheme}
            if password and password not in words:
                yield from {password, unquote(password)}


def _is_harmless(value: str) -> bool:
    """A number, a switch or the path of something that is there."""
    return (value.isdigit() and len(value) < 16) or os.path.exists(value)


def _forms(value: str) -> Iterator[bytes]:
    """As it is, and as it stands in a JSON string."""
    value = value.strip()
    if len(value) >= SHORTEST and not PLACEHOLDERS.fullmatch(value.encode()):
        yield value.encode("utf-8", "surrogateescape")
        yield json.dumps(value, ensure_ascii=False)[1:-1].encode("utf-8", "surrogateescape")
