import { BadRequestException } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata';

type Kind = 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'uuid' | 'enum' | 'opaque';

const INT4_MAX = 2_147_483_647;

const NUMBER = /^-?\d+(\.\d+)?$/;

const KINDS: Readonly<Record<string, Kind>> = {
  'character varying': 'text',
  text: 'text',
  integer: 'integer',
  numeric: 'decimal',
  boolean: 'boolean',
  'timestamp with time zone': 'date',
  uuid: 'uuid',
  enum: 'enum',
};

const NULL_CHECK = ['$isnull', '$notnull'];
const EQUALITY = [...NULL_CHECK, '$eq', '$ne', '$in', '$notin'];
const ORDER = [...EQUALITY, '$gt', '$gte', '$lt', '$lte', '$between'];
const TEXT = [
  ...ORDER,
  ...['$starts', '$ends', '$cont', '$excl', '$eqL', '$neL', '$inL', '$notinL'],
  ...['$startsL', '$endsL', '$contL', '$exclL'],
];

const OPERATORS: Readonly<Record<Kind, readonly string[]>> = {
  text: TEXT,
  integer: ORDER,
  decimal: ORDER,
  date: ORDER,
  boolean: EQUALITY,
  uuid: EQUALITY,
  enum: EQUALITY,
  opaque: NULL_CHECK,
};

function kindOf(column: ColumnMetadata): Kind {
  const type = column.entityMetadata.connection.driver.normalizeType(column);
  return (column.isArray ? undefined : KINDS[type]) ?? 'opaque';
}

/** JSON and other columns without a natural order cannot be sorted by. */
export function isSortable(column: ColumnMetadata): boolean {
  return kindOf(column) !== 'opaque';
}

export function allowsOperator(column: ColumnMetadata, operator: string): boolean {
  return OPERATORS[kindOf(column)].includes(operator);
}

/** A filter value as the column's type, so that the database never has to refuse it. */
export function filterValue(column: ColumnMetadata, value: unknown): unknown {
  const converted = convert(kindOf(column), column, value);
  if (converted === undefined) {
    throw new BadRequestException([`invalid filter value for ${column.propertyName}`]);
  }
  return converted;
}

function convert(kind: Kind, column: ColumnMetadata, value: unknown): unknown {
  switch (kind) {
    case 'text':
      return text(value);
    case 'integer':
      return integer(value);
    case 'decimal':
      return numeric(value);
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'date':
      return date(value);
    case 'uuid':
      return isUUID(value) ? value : undefined;
    case 'enum':
      return column.enum?.includes(String(value)) ? String(value) : undefined;
    case 'opaque':
      return undefined;
  }
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  const string = value instanceof Date ? dateAsWritten(value) : value;
  return typeof string === 'string' && !string.includes('\0') ? string : undefined;
}

/** The SDK's query parser turns what looks like a date into one; most are written without time. */
function dateAsWritten(value: Date): string {
  const [day = '', time] = value.toISOString().split('T');
  return time === '00:00:00.000Z' ? day : value.toISOString().replace('.000Z', 'Z');
}

function integer(value: unknown): number | undefined {
  const parsed = numeric(value);
  return Number.isInteger(parsed) && Math.abs(Number(parsed)) <= INT4_MAX ? parsed : undefined;
}

/** The query parser leaves numbers as text that it could not print the same. */
function numeric(value: unknown): number | undefined {
  const parsed = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  return typeof parsed === 'number' && Number.isFinite(parsed) ? parsed : undefined;
}

function date(value: unknown): Date | undefined {
  const parsed = value instanceof Date || typeof value === 'string' ? new Date(value) : undefined;
  return parsed && !Number.isNaN(parsed.getTime()) ? parsed : undefined;
}
