"""All rules and checks, in the order reports list them."""

from rockets_tools.validate.rule import FileCheck, ProjectCheck, Rule
from rockets_tools.validate.rules import (
    access,
    behaviour,
    content,
    finish,
    generation,
    guards,
    migrations,
    modules,
    ownership,
    placement,
    wiring,
)

_CHECKS: tuple[FileCheck | ProjectCheck, ...] = (
    *generation.CHECKS,
    *placement.CHECKS,
    *access.CHECKS,
    *behaviour.CHECKS,
    *guards.CHECKS,
    *ownership.CHECKS,
    *wiring.CHECKS,
    *modules.CHECKS,
    *finish.CHECKS,
    *content.CHECKS,
    *migrations.CHECKS,
)

FILE_CHECKS = tuple(check for check in _CHECKS if isinstance(check, FileCheck))
PROJECT_CHECKS = tuple(check for check in _CHECKS if isinstance(check, ProjectCheck))
RULES: tuple[Rule, ...] = tuple(
    sorted(
        {rule.id: rule for check in _CHECKS for rule in check.rules}.values(),
        key=lambda rule: (rule.number or 10, rule.id),
    )
)
