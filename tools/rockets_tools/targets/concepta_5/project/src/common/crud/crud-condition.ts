import { BadRequestException } from '@nestjs/common';
import type { ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata';
import { allowsOperator, filterValue } from './column-rules';

const MAX_DEPTH = 8;
const MAX_COMPARISONS = 100;
const MAX_LIST = 100;

const SIMPLE: Readonly<Record<string, string>> = {
  $eq: '=',
  $ne: '!=',
  $gt: '>',
  $gte: '>=',
  $lt: '<',
  $lte: '<=',
};

/** A column a client may name, with the alias it is selected under. */
export interface FilterColumn {
  alias: string;
  column: ColumnMetadata;
}

/**
 * Turns the client's search tree into SQL with parameters. Only names `lookup` knows, only
 * operators and values the column's type has; anything else is 400. Nothing of the client's text
 * becomes part of the SQL.
 */
export class CrudCondition {
  readonly parameters: ObjectLiteral = {};
  private comparisons = 0;

  constructor(private readonly lookup: (name: string) => FilterColumn | undefined) {}

  /** `{field: value}`, `{field: {$op: value}}`, `$and: [...]`, `$or: [...]`; all keys must hold. */
  sql(search: unknown, depth = 0): string {
    if (!isRecord(search) || depth > MAX_DEPTH) {
      throw new BadRequestException(['invalid search']);
    }
    const parts = Object.entries(search).map(([key, value]) => {
      if (key === '$and' || key === '$or') {
        return this.group(key, value, depth);
      }
      return this.field(this.column(key), value, depth);
    });
    return join(parts, ' AND ');
  }

  private group(key: '$and' | '$or', items: unknown, depth: number): string {
    if (!Array.isArray(items) || items.length === 0) {
      throw new BadRequestException([`${key} must be a list of conditions`]);
    }
    const parts = items.map((item) => this.sql(item, depth + 1));
    return join(parts, key === '$or' ? ' OR ' : ' AND ');
  }

  private field(target: FilterColumn, value: unknown, depth: number): string {
    if (!isRecord(value)) {
      return this.comparison(target, '$eq', value);
    }
    return this.operators(target, value, ' AND ', depth);
  }

  private operators(
    target: FilterColumn,
    operators: Record<string, unknown>,
    glue: string,
    depth: number,
  ): string {
    if (depth > MAX_DEPTH) {
      throw new BadRequestException(['invalid search']);
    }
    const parts = Object.entries(operators).map(([operator, value]) =>
      operator === '$or' && isRecord(value)
        ? this.operators(target, value, ' OR ', depth + 1)
        : this.comparison(target, operator.startsWith('$') ? operator : `$${operator}`, value),
    );
    return join(parts, glue);
  }

  private comparison({ alias, column }: FilterColumn, name: string, value: unknown): string {
    const operator = value === null ? (NULL_FORM[name] ?? name) : name;
    if (!allowsOperator(column, operator)) {
      throw new BadRequestException([`${column.propertyName} has no filter operator ${name}`]);
    }
    this.comparisons += 1;
    if (this.comparisons > MAX_COMPARISONS) {
      throw new BadRequestException(['too many conditions']);
    }
    const field = `${alias}.${column.propertyPath}`;
    const one = (): string => this.parameter(filterValue(column, value));
    const many = (): string[] => this.list(column, value);
    const like = (before: string, after: string): string =>
      this.parameter(`${before}${escapeLike(String(filterValue(column, value)))}${after}`);

    switch (operator) {
      case '$isnull':
        return `${field} IS NULL`;
      case '$notnull':
        return `${field} IS NOT NULL`;
      case '$in':
        return `${field} IN (${many().join(', ')})`;
      case '$notin':
        return `${field} NOT IN (${many().join(', ')})`;
      case '$between': {
        const [from, to, ...others] = many();
        if (from === undefined || to === undefined || others.length > 0) {
          throw new BadRequestException([`invalid filter value for ${column.propertyName}`]);
        }
        return `${field} BETWEEN ${from} AND ${to}`;
      }
      case '$starts':
        return `${field} LIKE ${like('', '%')}`;
      case '$ends':
        return `${field} LIKE ${like('%', '')}`;
      case '$cont':
        return `${field} LIKE ${like('%', '%')}`;
      case '$excl':
        return `${field} NOT LIKE ${like('%', '%')}`;
      case '$startsL':
        return `${field} ILIKE ${like('', '%')}`;
      case '$endsL':
        return `${field} ILIKE ${like('%', '')}`;
      case '$contL':
        return `${field} ILIKE ${like('%', '%')}`;
      case '$exclL':
        return `${field} NOT ILIKE ${like('%', '%')}`;
      case '$eqL':
        return `LOWER(${field}) = LOWER(${one()})`;
      case '$neL':
        return `LOWER(${field}) != LOWER(${one()})`;
      case '$inL':
        return `LOWER(${field}) IN (${many().map(lower).join(', ')})`;
      case '$notinL':
        return `LOWER(${field}) NOT IN (${many().map(lower).join(', ')})`;
      default:
        return `${field} ${SIMPLE[operator]} ${one()}`;
    }
  }

  private column(name: string): FilterColumn {
    const target = this.lookup(name);
    if (!target) {
      throw new BadRequestException([`unknown filter field ${name}`]);
    }
    return target;
  }

  private list(column: ColumnMetadata, value: unknown): string[] {
    if (!Array.isArray(value) || value.length === 0 || value.length > MAX_LIST) {
      throw new BadRequestException([`invalid filter value for ${column.propertyName}`]);
    }
    return value.map((item) => this.parameter(filterValue(column, item)));
  }

  private parameter(value: unknown): string {
    const name = `client${Object.keys(this.parameters).length}`;
    this.parameters[name] = value;
    return `:${name}`;
  }
}

/** What comparing with null means. */
const NULL_FORM: Readonly<Record<string, string>> = { $eq: '$isnull', $ne: '$notnull' };

function join(parts: readonly string[], glue: string): string {
  const real = parts.filter((part) => part !== '');
  return real.length > 1 ? `(${real.join(glue)})` : (real[0] ?? '');
}

function lower(parameter: string): string {
  return `LOWER(${parameter})`;
}

function escapeLike(value: string): string {
  return value.replace(/[\\%_]/g, '\\$&');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
  );
}
