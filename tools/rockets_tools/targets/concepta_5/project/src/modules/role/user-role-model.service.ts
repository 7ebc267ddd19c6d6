import { InjectDynamicRepository } from '@concepta/nestjs-typeorm-ext';
import type { ReferenceIdInterface } from '@concepta/ts-core';
import { LookupService, type QueryOptionsInterface } from '@concepta/typeorm-common';
import { Injectable } from '@nestjs/common';
import { Repository } from 'typeorm';
import { UserRoleEntity } from './entities/user-role.entity';

@Injectable()
export class UserRoleModelService extends LookupService<UserRoleEntity> {
  constructor(@InjectDynamicRepository('userRole') repository: Repository<UserRoleEntity>) {
    super(repository);
  }

  /** Gives a role to a user; false: he had it. */
  async assign(
    role: ReferenceIdInterface,
    assignee: ReferenceIdInterface,
    queryOptions?: QueryOptionsInterface,
  ): Promise<boolean> {
    const repository = this.repository(queryOptions);
    const assignment = { role: { id: role.id }, assignee: { id: assignee.id } };
    if (await repository.existsBy(assignment)) {
      return false;
    }
    await repository.insert(assignment);
    return true;
  }
}
