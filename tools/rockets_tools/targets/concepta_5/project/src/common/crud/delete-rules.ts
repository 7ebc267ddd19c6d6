import { ConflictException } from '@nestjs/common';
import { Any, type EntityManager, type EntityMetadata, type ObjectLiteral } from 'typeorm';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata';
import { accessPolicyOf } from '../access/access-policy.decorator';

/**
 * Marks a record as deleted and does what the database would do on a real deletion: CASCADE takes
 * the records that refer to it along, SET NULL frees them, anything else refuses with 409.
 * Records of entities that do not mark go for good. Call it inside a transaction.
 */
export async function softDelete(
  manager: EntityManager,
  metadata: EntityMetadata,
  id: string,
): Promise<void> {
  const doomed = await cascade(manager, metadata, id);
  for (const [entity, ids] of doomed) {
    for (const relation of referencesTo(entity)) {
      const others = await referring(manager, relation, ids, doomed);
      if (others.length === 0) {
        continue;
      }
      if (relation.onDelete !== 'SET NULL') {
        throw new ConflictException(
          `${metadata.targetName} is still referred to by ${relation.entityMetadata.targetName}`,
        );
      }
      await manager
        .createQueryBuilder()
        .update(relation.entityMetadata.target)
        .set({ [foreignKey(relation)]: null })
        .where({ id: Any(others) })
        .execute();
    }
  }
  // Last come the first: what refers goes before what it refers to.
  for (const [entity, ids] of [...doomed].reverse()) {
    const where = { id: Any([...ids]) };
    if (accessPolicyOf(entity)?.softDelete) {
      await manager.softDelete(entity.target, where);
    } else {
      await manager.delete(entity.target, where);
    }
  }
}

/** The record and all that CASCADE takes along, by entity. */
async function cascade(
  manager: EntityManager,
  metadata: EntityMetadata,
  id: string,
): Promise<Map<EntityMetadata, Set<string>>> {
  const doomed = new Map([[metadata, new Set([id])]]);
  const queue: [EntityMetadata, string[]][] = [[metadata, [id]]];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [entity, ids] = next;
    for (const relation of referencesTo(entity)) {
      if (relation.onDelete !== 'CASCADE') {
        continue;
      }
      const children = await referring(manager, relation, new Set(ids), doomed);
      const known = doomed.get(relation.entityMetadata) ?? new Set();
      doomed.set(relation.entityMetadata, new Set([...known, ...children]));
      if (children.length > 0) {
        queue.push([relation.entityMetadata, children]);
      }
    }
  }
  return doomed;
}

/**
 * Ids of records, not doomed themselves, that refer to one of `ids`. Records already marked count
 * only where the reference would be set to null: recovered later, they must not point at nothing.
 */
async function referring(
  manager: EntityManager,
  relation: RelationMetadata,
  ids: ReadonlySet<string>,
  doomed: ReadonlyMap<EntityMetadata, ReadonlySet<string>>,
): Promise<string[]> {
  const rows = await manager.find<ObjectLiteral>(relation.entityMetadata.target, {
    select: { id: true },
    where: { [foreignKey(relation)]: Any([...ids]) },
    withDeleted: relation.onDelete === 'SET NULL',
    loadEagerRelations: false,
  });
  const going = doomed.get(relation.entityMetadata);
  return rows.map((row) => String(row.id)).filter((id) => !going?.has(id));
}

function referencesTo(metadata: EntityMetadata): RelationMetadata[] {
  return metadata.connection.entityMetadatas
    .flatMap((entity) => entity.relations)
    .filter((relation) => relation.isOwning && relation.inverseEntityMetadata === metadata);
}

function foreignKey(relation: RelationMetadata): string {
  const column = relation.joinColumns[0];
  if (!column) {
    throw new Error(`${relation.entityMetadata.targetName}.${relation.propertyName} has no column`);
  }
  return column.propertyName;
}
