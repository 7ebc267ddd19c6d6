import type {
  CrudCreateManyInterface,
  CrudRequestInterface,
  CrudResponsePaginatedInterface,
} from '@concepta/nestjs-crud';
import type { ReferenceIdInterface } from '@concepta/ts-core';
import {
  BadRequestException,
  ConflictException,
  ForbiddenException,
  NotFoundException,
} from '@nestjs/common';
import type { DeepPartial, EntityManager, ObjectLiteral, Repository } from 'typeorm';
import { type AccessPolicyOptions, accessPolicyOf } from '../access/access-policy.decorator';
import type { Caller } from '../access/caller';
import { ownedBy } from '../access/owned-rows';
import { CrudQuery, ROW } from './crud-query';
import { softDelete } from './delete-rules';
import { checkReferences } from './references';

/**
 * The data access of one entity's routes. Reads go through `CrudQuery`; a write runs in one
 * transaction with its checks: the record is the caller's, what it refers to exists and is open to
 * him, and in own scope the owner is not his to choose.
 */
export abstract class TypeOrmCrudAdapter<T extends ReferenceIdInterface & ObjectLiteral> {
  constructor(protected readonly repository: Repository<T>) {}

  async getMany(
    request: CrudRequestInterface,
    caller: Caller,
  ): Promise<CrudResponsePaginatedInterface<T>> {
    const query = this.query(request, caller);
    const { limit, offset } = query.page();
    const [data, total] = await query.many().take(limit).skip(offset).getManyAndCount();
    const page = {
      data,
      count: data.length,
      total,
      page: Math.floor(offset / limit) + 1,
      pageCount: Math.max(Math.ceil(total / limit), 1),
    };
    // The mark tells the SDK's serializer which of the two DTOs to use.
    return Object.assign(page, { __isPaginated: true });
  }

  async getOne(request: CrudRequestInterface, caller: Caller): Promise<T> {
    const row = await this.query(request, caller)
      .byIds([idOf(request)])
      .getOne();
    return row ?? this.notFound();
  }

  async createOne(request: CrudRequestInterface, data: DeepPartial<T>, caller: Caller): Promise<T> {
    const [row] = await this.createMany(request, { bulk: [data] }, caller);
    return row ?? this.notFound();
  }

  /** All or none. */
  async createMany(
    request: CrudRequestInterface,
    { bulk }: CrudCreateManyInterface<DeepPartial<T>>,
    caller: Caller,
  ): Promise<T[]> {
    const query = this.query(request, caller);
    const ids = await this.transaction(async (manager) => {
      const drafts = bulk.map((data) => this.repository.create(this.withOwner(data, caller)));
      await checkReferences(manager, this.repository.metadata, drafts, caller);
      const saved = await manager.save(drafts, { chunk: 50 });
      const savedIds = saved.map(({ id }) => id);
      await this.checkStillOwn(manager, savedIds, caller);
      return savedIds;
    });
    const rows = new Map((await query.byIds(ids).getMany()).map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id) ?? this.notFound());
  }

  async updateOne(request: CrudRequestInterface, data: DeepPartial<T>, caller: Caller): Promise<T> {
    const query = this.query(request, caller);
    const id = idOf(request);
    const changes: ObjectLiteral = Object.fromEntries(
      Object.entries(data).filter(([, value]) => value !== undefined),
    );
    const owner = this.policy?.owner;
    if (caller.ownOnly && owner !== undefined && owner in changes) {
      throw new ForbiddenException(`${owner} cannot be changed`);
    }
    await this.transaction(async (manager) => {
      const row = await this.lock(manager, id, caller);
      await checkReferences(manager, this.repository.metadata, [changes], caller);
      await manager.save(Object.assign(row, changes));
      await this.checkStillOwn(manager, [id], caller);
    });
    return (await query.byIds([id]).getOne()) ?? this.notFound();
  }

  async deleteOne(request: CrudRequestInterface, caller: Caller): Promise<void> {
    const { metadata } = this.repository;
    await this.transaction(async (manager) => {
      const { id } = await this.lock(manager, idOf(request), caller);
      if (this.policy?.softDelete) {
        await softDelete(manager, metadata, id);
      } else {
        await manager.delete(metadata.target, id);
      }
    });
  }

  async recoverOne(request: CrudRequestInterface, caller: Caller): Promise<T> {
    const query = this.query(request, caller);
    const id = idOf(request);
    await this.transaction(async (manager) => {
      const row = await this.lock(manager, id, caller, { withDeleted: true });
      await this.checkParentsAlive(manager, row);
      await manager.restore(this.repository.metadata.target, id);
    });
    return (await query.byIds([id]).getOne()) ?? this.notFound();
  }

  protected get policy(): AccessPolicyOptions | undefined {
    return accessPolicyOf(this.repository.metadata);
  }

  /** Everything a write does goes through `manager`: an embedded database has one connection. */
  protected transaction<R>(work: (manager: EntityManager) => Promise<R>): Promise<R> {
    return this.repository.manager.transaction(work);
  }

  protected notFound(): never {
    throw new NotFoundException(`${this.repository.metadata.targetName} not found`);
  }

  private query(request: CrudRequestInterface, caller: Caller): CrudQuery<T> {
    return new CrudQuery(this.repository, request, caller);
  }

  /** In own scope the owner is the caller, whatever the body says; else he is the default. */
  private withOwner(data: DeepPartial<T>, caller: Caller): DeepPartial<T> {
    const owner = this.policy?.owner;
    if (owner === undefined || owner.includes('.')) {
      return data;
    }
    const given = (data as ObjectLiteral)[owner] as unknown;
    return caller.ownOnly || given === undefined ? { ...data, [owner]: caller.userId } : data;
  }

  private async lock(
    manager: EntityManager,
    id: string,
    caller: Caller,
    options: { withDeleted?: boolean } = {},
  ): Promise<T> {
    const { metadata } = this.repository;
    const builder = manager
      .createQueryBuilder<T>(metadata.target, ROW)
      .where(`${ROW}.id = :id`, { id })
      .setLock('pessimistic_write');
    if (caller.ownOnly) {
      builder.andWhere(ownedBy(caller, metadata, builder, ROW));
    }
    if (options.withDeleted) {
      builder.withDeleted();
    }
    return (await builder.getOne()) ?? this.notFound();
  }

  /** Where ownership runs through a parent, a write must not have led out of the caller's own. */
  private async checkStillOwn(
    manager: EntityManager,
    ids: readonly string[],
    caller: Caller,
  ): Promise<void> {
    const owner = this.policy?.owner;
    if (!caller.ownOnly || !owner?.includes('.')) {
      return;
    }
    const { metadata } = this.repository;
    const builder = manager.createQueryBuilder<T>(metadata.target, ROW);
    const count = await builder
      .where(`${ROW}.id IN (:...ids)`, { ids })
      .andWhere(ownedBy(caller, metadata, builder, ROW))
      .getCount();
    if (count < ids.length) {
      throw new ForbiddenException(`${owner} must be yourself`);
    }
  }

  /** A record must not come back into a place that is itself deleted. */
  private async checkParentsAlive(manager: EntityManager, row: T): Promise<void> {
    for (const relation of this.repository.metadata.relations) {
      const key = relation.isOwning ? relation.joinColumns[0] : undefined;
      const id: unknown = key?.getEntityValue(row);
      const target = relation.inverseEntityMetadata;
      if (typeof id !== 'string' || !accessPolicyOf(target)?.softDelete || id === row.id) {
        continue;
      }
      if (!(await manager.existsBy<ObjectLiteral>(target.target, { id }))) {
        throw new ConflictException(`its ${relation.propertyName} is deleted; recover that first`);
      }
    }
  }
}

/** From the route alone: nothing in the query can lead to another record. */
function idOf(request: CrudRequestInterface): string {
  const id: unknown = request.parsed.paramsFilter.find(({ field }) => field === 'id')?.value;
  if (typeof id !== 'string') {
    throw new BadRequestException(['id must be a UUID']);
  }
  return id;
}
