"""A field of the plan as column, as part of a body and as part of an answer."""

from collections.abc import Iterator

from pydantic import JsonValue

from rockets_tools.generate.defaults import decimal, document, moment, text
from rockets_tools.generate.enums import enum_members
from rockets_tools.generate.layout import Call, Node, Object
from rockets_tools.generate.source_file import SourceFile
from rockets_tools.generate.typescript import literal, number, regular_expression, string
from rockets_tools.plan.model import Field, FieldType

DEFAULT_LENGTH = 255

_COLUMN_TYPES = {
    FieldType.STRING: "varchar",
    FieldType.TEXT: "text",
    FieldType.NUMBER: "int",
    FieldType.FLOAT: "decimal",
    FieldType.BOOLEAN: "boolean",
    FieldType.DATE: "timestamptz",
    FieldType.UUID: "uuid",
    FieldType.JSON: "jsonb",
    FieldType.ENUM: "enum",
}
_TYPES = {
    FieldType.STRING: "string",
    FieldType.TEXT: "string",
    FieldType.NUMBER: "number",
    FieldType.FLOAT: "number",
    FieldType.BOOLEAN: "boolean",
    FieldType.DATE: "Date",
    FieldType.UUID: "string",
    FieldType.JSON: "unknown",
}
_TEXTS = frozenset({FieldType.STRING, FieldType.TEXT})
_NUMBERS = frozenset({FieldType.NUMBER, FieldType.FLOAT})


def type_of(field: Field, file: SourceFile, *, nullable: bool) -> str:
    """The TypeScript type of a field's property."""
    name = file.enum(field, value=False) if field.type is FieldType.ENUM else _TYPES[field.type]
    if name == "Date":
        name = file.date_type
    return f"{name} | null" if nullable and name != "unknown" else name


def column(field: Field, file: SourceFile, *, unique: bool) -> Call:
    """The `@Column` of a field; `unique` where the column itself carries the constraint."""
    options: dict[str, Node] = {}
    if field.column != field.name:
        options["name"] = string(field.column)
    options["type"] = string(_COLUMN_TYPES[field.type])
    if field.type is FieldType.STRING:
        options["length"] = str(field.max_length or DEFAULT_LENGTH)
    elif field.type is FieldType.FLOAT:
        options["precision"] = str(field.precision)
        options["scale"] = str(field.scale)
        options["transformer"] = file.use("decimalTransformer")
    elif field.type is FieldType.ENUM:
        options["enum"] = file.enum(field)
    if not field.required:
        options["nullable"] = "true"
    if unique:
        options["unique"] = "true"
    default = _column_default(field, file) if field.has_default else None
    if default is not None:
        options["default"] = default
    if not field.expose:
        options["select"] = "false"
    return Call(file.use("Column"), [Object(options)])


def _column_default(field: Field, file: SourceFile) -> Node | None:
    """A default that the database reports just as TypeORM compares it, so that the next migration
    finds no difference. TypeORM puts plain values between quotes and escapes nothing."""
    value = field.default
    if value is None:
        return None
    expression = _default_expression(field, value)
    if expression is not None:
        return f"() => {string(expression)}"
    if field.type is FieldType.ENUM and "'" not in str(value):
        return f"{file.enum(field)}.{enum_members(field.enum_values)[str(value)]}"
    return literal(_quotes_doubled(value))


def _default_expression(field: Field, value: JsonValue) -> str | None:
    """SQL of a default that TypeORM would not compare well if it were a plain value."""
    if field.type is FieldType.DATE:
        return "now()" if value == "now()" else moment(str(value))
    if field.type is FieldType.FLOAT and isinstance(value, int | float):
        return decimal(value)
    if field.type is FieldType.JSON:
        return document(value) if isinstance(value, bool | str) else None
    is_text = isinstance(value, str) and field.type is not FieldType.ENUM
    return text(str(value)) if is_text and ("\\" in str(value) or "::" in str(value)) else None


def _quotes_doubled(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return value.replace("'", "''")
    if isinstance(value, list):
        return [_quotes_doubled(item) for item in value]
    if isinstance(value, dict):
        return {name.replace("'", "''"): _quotes_doubled(item) for name, item in value.items()}
    return value


_PLAIN_VALIDATORS = {
    FieldType.STRING: "IsString",
    FieldType.TEXT: "IsString",
    FieldType.NUMBER: "IsInteger",
    FieldType.BOOLEAN: "IsBoolean",
    FieldType.DATE: "IsTimestamp",
    FieldType.UUID: "IsUUID",
    FieldType.JSON: "IsJson",
}


def validators(field: Field, file: SourceFile) -> Iterator[Call]:
    """What a body's value of the field must be."""
    if field.type is FieldType.ENUM:
        yield Call(file.use("IsEnum"), [file.enum(field)])
    elif field.type is FieldType.FLOAT:
        yield Call(file.use("IsFixedPoint"), [str(field.precision), str(field.scale)])
    else:
        yield Call(file.use(_PLAIN_VALIDATORS[field.type]))
    if field.type in _TEXTS:
        yield from _text_validators(field, file)
    elif field.type in _NUMBERS:
        if field.min is not None:
            yield Call(file.use("Min"), [number(field.min)])
        if field.max is not None:
            yield Call(file.use("Max"), [number(field.max)])


def _text_validators(field: Field, file: SourceFile) -> Iterator[Call]:
    longest = field.max_length
    if longest is None and field.type is FieldType.STRING:
        longest = DEFAULT_LENGTH
    if field.min_length and longest is not None:
        yield Call(file.use("Length"), [str(field.min_length), str(longest)])
    elif field.min_length:
        yield Call(file.use("MinLength"), [str(field.min_length)])
    elif longest is not None:
        yield Call(file.use("MaxLength"), [str(longest)])
    if field.pattern is not None:
        yield Call(file.use("Matches"), [regular_expression(field.pattern)])
    if field.is_url:
        yield Call(file.use("IsUrl"))
    if field.is_email:
        yield Call(file.use("IsEmail"))


def api_options(field: Field, file: SourceFile, *, body: bool) -> Object:
    """What the OpenAPI document says of a field; constraints only where they bind the reader."""
    options: dict[str, Node] = {}
    if field.description:
        options["description"] = string(field.description)
    if field.type is FieldType.ENUM:
        enum = file.enum(field)
        options["enum"] = enum
        options["enumName"] = string(field.enum_name or enum)
    elif field.type is FieldType.UUID:
        options["format"] = "'uuid'"
    elif field.type is FieldType.JSON:
        options["type"] = "Object"
    if not field.required:
        options["nullable"] = "true"
    if body:
        options.update(_constraints(field))
        if field.has_default and field.default is not None and field.default != "now()":
            options["default"] = literal(field.default)
    if field.example is not None:
        options["example"] = literal(field.example)
    return Object(options)


def _constraints(field: Field) -> Iterator[tuple[str, Node]]:
    if field.type in _TEXTS:
        longest = field.max_length or (DEFAULT_LENGTH if field.type is FieldType.STRING else None)
        if field.min_length:
            yield "minLength", str(field.min_length)
        if longest:
            yield "maxLength", str(longest)
        if field.pattern is not None:
            yield "pattern", string(field.pattern)
    elif field.type in _NUMBERS:
        if field.min is not None:
            yield "minimum", number(field.min)
        if field.max is not None:
            yield "maximum", number(field.max)


def enum_declaration(field: Field) -> list[str]:
    """The members of a field's enum, one line each."""
    return [
        f"{member} = {string(value)}," for value, member in enum_members(field.enum_values).items()
    ]
