import { InjectDynamicRepository } from '@concepta/nestjs-typeorm-ext';
import { LookupService, type QueryOptionsInterface } from '@concepta/typeorm-common';
import { Injectable } from '@nestjs/common';
import { Repository } from 'typeorm';
import { RoleEntity } from './entities/role.entity';

@Injectable()
export class RoleModelService extends LookupService<RoleEntity> {
  constructor(@InjectDynamicRepository('role') repository: Repository<RoleEntity>) {
    super(repository);
  }

  byName(name: string, queryOptions?: QueryOptionsInterface): Promise<RoleEntity | null> {
    return this.findOne({ where: { name } }, queryOptions);
  }

  /** Adds the roles of these names that are not there yet. */
  async addMissing(names: readonly string[]): Promise<void> {
    await this.repository()
      .createQueryBuilder()
      .insert()
      .values(names.map((name) => ({ name, description: `The role ${name}` })))
      .orIgnore()
      .execute();
  }
}
