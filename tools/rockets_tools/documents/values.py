"""Numbers and enum values of a document, as far as a plan can hold them."""


def enum_fits(values: list[str]) -> bool:
    """A plan's enum can have these values."""
    return 0 < len(values) <= 500 and all(
        0 < len(value.encode()) <= 63 and value.isprintable() for value in values
    )


def number(text: str) -> int | float | None:
    """A number a plan can hold, else None."""
    if len(text) > 40:
        return None
    try:
        return int(text)
    except ValueError:
        pass
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e15 else None
