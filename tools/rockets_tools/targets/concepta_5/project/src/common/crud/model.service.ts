import type { ReferenceIdInterface } from '@concepta/ts-core';
import { MutateService, type QueryOptionsInterface } from '@concepta/typeorm-common';
import type { DeepPartial } from 'typeorm';

/**
 * All reads and writes of an entity by code. A change inside a transaction looks its record up in
 * there: the SDK would take another connection, which does not see what the transaction wrote, and
 * which a pool of one never has.
 */
export abstract class ModelService<
  Entity extends ReferenceIdInterface,
  Creatable extends DeepPartial<Entity>,
  Updatable extends DeepPartial<Entity>,
> extends MutateService<Entity, Creatable, Updatable> {
  async update(
    data: Updatable & ReferenceIdInterface,
    queryOptions?: QueryOptionsInterface,
  ): Promise<Entity> {
    const entity = await this.findById(data.id, queryOptions);
    return this.store(entity, await this.validate(this.updateDto, data), queryOptions);
  }

  async replace(
    data: Creatable & ReferenceIdInterface,
    queryOptions?: QueryOptionsInterface,
  ): Promise<Entity> {
    const entity = await this.findById(data.id, queryOptions);
    return this.store(entity, await this.validate(this.createDto, data), queryOptions);
  }

  async remove(
    data: DeepPartial<Entity> & ReferenceIdInterface,
    queryOptions?: QueryOptionsInterface,
  ): Promise<Entity> {
    const entity = await this.findById(data.id, queryOptions);
    return this.repository(queryOptions).remove(entity);
  }

  private async store(
    entity: Entity,
    dto: DeepPartial<Entity>,
    queryOptions?: QueryOptionsInterface,
  ): Promise<Entity> {
    const repository = this.repository(queryOptions);
    const changes = await this.transform(dto, queryOptions);
    return repository.save(repository.merge(entity, changes));
  }
}
