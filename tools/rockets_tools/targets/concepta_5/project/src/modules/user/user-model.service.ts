import { InjectDynamicRepository } from '@concepta/nestjs-typeorm-ext';
import type { UserLookupServiceInterface } from '@concepta/nestjs-user';
import { LookupService, type QueryOptionsInterface } from '@concepta/typeorm-common';
import { Injectable } from '@nestjs/common';
import { type DeepPartial, Repository } from 'typeorm';
import { UserEntity } from './entities/user.entity';

/** Users for the application, and for the SDK's authentication modules: who logs in, whose token. */
@Injectable()
export class UserModelService
  extends LookupService<UserEntity>
  implements UserLookupServiceInterface
{
  constructor(@InjectDynamicRepository('user') repository: Repository<UserEntity>) {
    super(repository);
  }

  byEmail(email: string, queryOptions?: QueryOptionsInterface): Promise<UserEntity | null> {
    return this.findOne({ where: { email } }, queryOptions);
  }

  byUsername(username: string, queryOptions?: QueryOptionsInterface): Promise<UserEntity | null> {
    return this.findOne({ where: { username } }, queryOptions);
  }

  /**
   * The user of a token, with roles; an inactive or deleted one is not found. Every request asks
   * this: TypeORM's `findOne` would query twice where relations come along.
   */
  async bySubject(id: string, queryOptions?: QueryOptionsInterface): Promise<UserEntity | null> {
    const [user] = await this.find(
      { where: { id, active: true }, relations: { userRoles: { role: true } } },
      queryOptions,
    );
    return user ?? null;
  }

  create(user: DeepPartial<UserEntity>, queryOptions?: QueryOptionsInterface): Promise<UserEntity> {
    const repository = this.repository(queryOptions);
    return repository.save(repository.create(user));
  }
}
