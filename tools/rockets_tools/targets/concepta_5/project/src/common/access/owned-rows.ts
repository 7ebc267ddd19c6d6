import { type AccessControlContextInterface, ActionEnum } from '@concepta/nestjs-access-control';
import { isUUID } from 'class-validator';
import type { EntityMetadata, ObjectLiteral, Repository, SelectQueryBuilder } from 'typeorm';
import { accessPolicyOf } from './access-policy.decorator';
import type { Caller } from './caller';

/** Matches no row: what an entity without an owner shows to an own-scope caller. */
const NOTHING = '1 = 0';

/**
 * SQL that holds for the rows behind `alias` that belong to the caller, along the owner path of
 * the entity's access policy. Sets the parameter it needs on `builder`.
 */
export function ownedBy<T extends ObjectLiteral>(
  caller: Caller,
  metadata: EntityMetadata,
  builder: SelectQueryBuilder<T>,
  alias: string,
): string {
  const steps = accessPolicyOf(metadata)?.owner?.split('.') ?? [];
  const column = steps.pop();
  if (column === undefined) {
    return NOTHING;
  }
  builder.setParameter('callerId', caller.userId);
  const [first, ...rest] = steps;
  if (first === undefined) {
    return `${alias}.${column} = :callerId`;
  }
  // From the parent on by joins; a deleted parent still says whose the row is.
  const parent = metadata.findRelationWithPropertyPath(first);
  const foreignKey = parent?.joinColumns[0]?.propertyName;
  if (!parent || foreignKey === undefined) {
    return NOTHING;
  }
  const path = builder.subQuery().withDeleted().from(parent.type, '_owner0');
  rest.forEach((step, index) => path.innerJoin(`_owner${index}.${step}`, `_owner${index + 1}`));
  path.select('_owner0.id').where(`_owner${rest.length}.${column} = :callerId`);
  return `${alias}.${foreignKey} IN ${path.getQuery()}`;
}

/**
 * May an own-scope caller go on? With an id in the route: the record must be his, deleted or not.
 * Without one only lists and creation make sense; the adapter filters the one and owns the other.
 */
export async function mayUseOwn<T extends ObjectLiteral>(
  context: AccessControlContextInterface,
  repository: Repository<T>,
  caller: Caller,
): Promise<boolean> {
  if (!accessPolicyOf(repository.metadata)?.owner) {
    return false;
  }
  const params = context.getRequest('params');
  const id =
    typeof params === 'object' && params !== null && 'id' in params ? params.id : undefined;
  if (id === undefined) {
    const { action } = context.getQuery();
    return action === ActionEnum.READ || action === ActionEnum.CREATE;
  }
  if (!isUUID(id)) {
    return false;
  }
  const builder = repository.createQueryBuilder('_row').withDeleted();
  return builder
    .where('_row.id = :id', { id })
    .andWhere(ownedBy(caller, repository.metadata, builder, '_row'))
    .getExists();
}
