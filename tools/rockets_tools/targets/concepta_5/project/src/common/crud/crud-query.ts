import { ActionEnum, PossessionEnum } from '@concepta/nestjs-access-control';
import type { CrudRequestInterface } from '@concepta/nestjs-crud';
import { BadRequestException, ForbiddenException } from '@nestjs/common';
import type { EntityMetadata, ObjectLiteral, Repository, SelectQueryBuilder } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata';
import { accessPolicyOf } from '../access/access-policy.decorator';
import type { Caller } from '../access/caller';
import { ownedBy } from '../access/owned-rows';
import { isSortable } from './column-rules';
import { CrudCondition, type FilterColumn } from './crud-condition';

/** Alias of the entity itself; no relation can have this name. */
export const ROW = '_row';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
const MAX_OFFSET = 2_147_483_647;

interface Join {
  relation: RelationMetadata;
  columns: ReadonlyMap<string, ColumnMetadata>;
  /** Columns to answer; all readable ones when the client named none. */
  selected: readonly string[];
  required: boolean;
  /** Only related records that are the caller's own. */
  ownOnly: boolean;
}

export interface Page {
  limit: number;
  offset: number;
}

/**
 * The one way from a client's query to SQL. Deny by default: fields, filters and sorts may name
 * readable columns of the entity and of relations that are joined; relations are joined only when
 * the controller offers them and the caller's roles may read their target.
 */
export class CrudQuery<T extends ObjectLiteral> {
  private readonly metadata: EntityMetadata;
  private readonly columns: ReadonlyMap<string, ColumnMetadata>;
  private readonly joins: readonly Join[];

  constructor(
    private readonly repository: Repository<T>,
    private readonly request: CrudRequestInterface,
    private readonly caller: Caller,
  ) {
    this.metadata = repository.metadata;
    this.columns = readableColumns(this.metadata);
    this.joins = this.readJoins();
  }

  /** All records the caller may see and the client asked for, in a stable order. */
  many(): SelectQueryBuilder<T> {
    const { parsed } = this.request;
    const sorts = parsed.sort.map(({ field, order }) => ({
      ...this.named(field, 'sort'),
      order: order === 'DESC' ? ('DESC' as const) : ('ASC' as const),
    }));
    if (sorts.some(({ column }) => !isSortable(column))) {
      throw new BadRequestException(['cannot sort by this field']);
    }
    const builder = this.base(sorts);
    const condition = new CrudCondition((name) => this.find(name));
    const where = condition.sql(parsed.search);
    if (where !== '') {
      builder.andWhere(where, condition.parameters);
    }
    for (const { alias, column, order } of sorts) {
      builder.addOrderBy(`${alias}.${column.propertyPath}`, order);
    }
    if (sorts.length === 0 && this.columns.has('dateCreated')) {
      builder.addOrderBy(`${ROW}.dateCreated`, 'ASC');
    }
    return builder.addOrderBy(`${ROW}.id`, 'ASC');
  }

  /** The records with these ids, if the caller may see them; the client's filters do not count. */
  byIds(ids: readonly string[]): SelectQueryBuilder<T> {
    return this.base([]).andWhere(`${ROW}.id IN (:...ids)`, { ids });
  }

  page(): Page {
    const { limit, page, offset } = this.request.parsed;
    const size = Math.min(wholeNumber(limit, 'limit', 1) ?? DEFAULT_LIMIT, MAX_LIMIT);
    const number = wholeNumber(page, 'page', 1);
    const start =
      number === undefined ? (wholeNumber(offset, 'offset', 0) ?? 0) : (number - 1) * size;
    if (start > MAX_OFFSET) {
      throw new BadRequestException(['page is too far']);
    }
    return { limit: size, offset: start };
  }

  private base(sorts: readonly FilterColumn[]): SelectQueryBuilder<T> {
    // Sorting works on selected columns only; these are readable, or they would have no name here.
    const sorted = sorts.map(({ alias, column }) => `${alias}.${column.propertyName}`);
    const fields = this.selected(this.request.parsed.fields, this.columns);
    const selection = new Set([...sorted, ...fields.map((name) => `${ROW}.${name}`)]);
    const builder = this.repository.createQueryBuilder(ROW);
    for (const { relation, selected, required, ownOnly } of this.joins) {
      const alias = relation.propertyName;
      const only = ownOnly
        ? ownedBy(this.caller, relation.inverseEntityMetadata, builder, alias)
        : undefined;
      builder[required ? 'innerJoin' : 'leftJoin'](`${ROW}.${alias}`, alias, only);
      selected.forEach((name) => selection.add(`${alias}.${name}`));
    }
    builder.select([...selection]);
    if (this.caller.ownOnly) {
      builder.andWhere(ownedBy(this.caller, this.metadata, builder, ROW));
    }
    return this.includesDeleted() ? builder.withDeleted() : builder;
  }

  /** Deleted records are for those who could recover them. Joined ones stay out in any case. */
  private includesDeleted(): boolean {
    const policy = accessPolicyOf(this.metadata);
    if (this.request.parsed.includeDeleted !== 1 || !policy?.softDelete) {
      return false;
    }
    const possession = this.caller.possessionFor(ActionEnum.UPDATE, policy.resource.One);
    if (possession !== PossessionEnum.ANY && !(possession && this.caller.ownOnly)) {
      throw new ForbiddenException();
    }
    return true;
  }

  private readJoins(): Join[] {
    const asked = new Map(this.request.parsed.join.map((join) => [join.field, join.select]));
    const offered = new Map(Object.entries(this.request.options.query?.join ?? {}));
    for (const name of asked.keys()) {
      if (!offered.has(name)) {
        throw new BadRequestException([`unknown relation ${name}`]);
      }
    }
    const joins: Join[] = [];
    for (const [name, options] of offered) {
      if (!asked.has(name) && !options.eager) {
        continue;
      }
      const relation = this.metadata.findRelationWithPropertyPath(name);
      const possession = relation && readPossession(relation, this.caller);
      if (relation && possession) {
        const columns = readableColumns(relation.inverseEntityMetadata);
        joins.push({
          relation,
          columns,
          selected: this.selected(asked.get(name), columns),
          // A record does not vanish because what it refers to is not the caller's.
          required: options.required === true && possession === PossessionEnum.ANY,
          ownOnly: possession === PossessionEnum.OWN,
        });
      } else if (asked.has(name)) {
        throw new ForbiddenException();
      }
    }
    return joins;
  }

  private selected(
    names: readonly string[] | undefined,
    columns: ReadonlyMap<string, ColumnMetadata>,
  ): readonly string[] {
    if (!names || names.length === 0) {
      return [...columns.keys()];
    }
    const unknown = names.find((name) => !columns.has(name));
    if (unknown !== undefined) {
      throw new BadRequestException([`unknown field ${unknown}`]);
    }
    return ['id', ...names];
  }

  private named(name: string, use: string): FilterColumn {
    const found = this.find(name);
    if (!found) {
      throw new BadRequestException([`unknown ${use} field ${name}`]);
    }
    return found;
  }

  /** `title` is a column of the entity, `category.name` one of a joined relation. */
  private find(name: string): FilterColumn | undefined {
    const own = this.columns.get(name);
    if (own) {
      return { alias: ROW, column: own };
    }
    for (const { relation, columns } of this.joins) {
      const alias = relation.propertyName;
      const column = name.startsWith(`${alias}.`) && columns.get(name.slice(alias.length + 1));
      if (column) {
        return { alias, column };
      }
    }
    return undefined;
  }
}

/** Columns whose values a caller may see, by property name. */
function readableColumns(metadata: EntityMetadata): ReadonlyMap<string, ColumnMetadata> {
  const policy = accessPolicyOf(metadata);
  const readable = policy
    ? metadata.columns.filter(
        ({ propertyName, isSelect, isVirtual }) =>
          isSelect && !isVirtual && (policy.fields?.includes(propertyName) ?? true),
      )
    : [];
  return new Map(readable.map((column) => [column.propertyName, column]));
}

function readPossession(relation: RelationMetadata, caller: Caller): PossessionEnum | undefined {
  const policy = accessPolicyOf(relation.inverseEntityMetadata);
  if (!policy) {
    return undefined;
  }
  const toMany = relation.isOneToMany || relation.isManyToMany;
  return caller.possessionFor(ActionEnum.READ, toMany ? policy.resource.Many : policy.resource.One);
}

function wholeNumber(value: number | undefined, name: string, minimum: number): number | undefined {
  if (value !== undefined && (!Number.isInteger(value) || value < minimum)) {
    throw new BadRequestException([`${name} must be a whole number not less than ${minimum}`]);
  }
  return value;
}
