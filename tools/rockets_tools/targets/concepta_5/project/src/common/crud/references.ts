import { BadRequestException, ForbiddenException } from '@nestjs/common';
import type { EntityManager, EntityMetadata, ObjectLiteral } from 'typeorm';
import { accessPolicyOf } from '../access/access-policy.decorator';
import type { Caller } from '../access/caller';
import { ownedBy } from '../access/owned-rows';

/**
 * Every foreign key in `bodies` must lead to a record that exists, and to one of the caller's own
 * where he holds the target only so. The records are locked against being deleted meanwhile.
 */
export async function checkReferences(
  manager: EntityManager,
  metadata: EntityMetadata,
  bodies: readonly ObjectLiteral[],
  caller: Caller,
): Promise<void> {
  for (const relation of metadata.relations) {
    const key = relation.isOwning ? relation.joinColumns[0]?.propertyName : undefined;
    const ids = key === undefined ? [] : distinctIds(bodies.map((body) => body[key] as unknown));
    if (key === undefined || ids.length === 0) {
      continue;
    }
    const target = relation.inverseEntityMetadata;
    const policy = accessPolicyOf(target);
    const own = policy?.owner !== undefined && caller.holdsOnlyOwn(policy);
    const builder = manager
      .createQueryBuilder<ObjectLiteral>(target.target, '_row')
      .select('_row.id')
      .where('_row.id IN (:...ids)', { ids })
      .orderBy('_row.id')
      .setLock('for_key_share');
    if (own) {
      builder.andWhere(ownedBy(caller, target, builder, '_row'));
    }
    const found = await builder.getMany();
    if (found.length < ids.length) {
      // To an own-scope caller another's record and a missing one look the same.
      throw own
        ? new ForbiddenException(`${key} must refer to a record of your own`)
        : new BadRequestException([`${key} must refer to an existing record`]);
    }
  }
}

function distinctIds(values: readonly unknown[]): string[] {
  const ids = values.filter((value) => typeof value === 'string');
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}
