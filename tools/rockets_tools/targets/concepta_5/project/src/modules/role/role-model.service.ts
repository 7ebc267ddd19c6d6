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
    const known = new Set((await this.find({ select: { name: true } })).map(({ name }) => name));
    const missing = names.filter((name) => !known.has(name));
    if (missing.length === 0) {
      return;
    }
    // Another instance that starts at the same moment may have been faster.
    await this.repository()
      .createQueryBuilder()
      .insert()
      .values(missing.map((name) => ({ name, description: `The role ${name}` })))
      .orIgnore()
      .execute();
  }
}
