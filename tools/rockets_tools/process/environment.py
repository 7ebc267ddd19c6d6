"""The environment children get: a short list of what tools need, so that no secret is in it."""

import os
import re
from collections.abc import Mapping

PASSED = re.compile(
    r"""
    PATH | HOME | USER | LOGNAME | LANG | LANGUAGE | LC_[A-Z]+ | TZ | TMPDIR | TMP | TEMP | CI
    | (?: HTTP | HTTPS | ALL | NO )_PROXY
    | (?: NIX_ )? SSL_CERT_(?: FILE | DIR ) | NODE_EXTRA_CA_CERTS | NODE_OPTIONS
    | (?: DY )? LD_[A-Z_]*LIBRARY_PATH | XDG_[A-Z]+_(?: HOME | DIR )
    | NPM_CONFIG_\w+
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Whole names that are handed on."""

SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSW|AUTH|CREDENTIAL|OTP", re.IGNORECASE)
"""What `NPM_CONFIG_…` may carry besides settings; such names are never handed on."""


def child_environment(
    extra: Mapping[str, str] | None = None, *, source: Mapping[str, str] | None = None
) -> dict[str, str]:
    """What a child may know of this process's environment, and `extra` on top.

    Everything not on the list stays here (API keys, tokens, cloud credentials, database URLs): a
    value a child needs is named in `extra`. Colours are off, since the output is read by programs.
    """
    environment = {
        name: value
        for name, value in (os.environ if source is None else source).items()
        if PASSED.fullmatch(name) and not SECRET.search(name)
    }
    return environment | {"NO_COLOR": "1", "FORCE_COLOR": "0"} | dict(extra or {})
