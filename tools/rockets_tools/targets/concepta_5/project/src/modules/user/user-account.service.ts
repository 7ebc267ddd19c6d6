import type { QueryOptionsInterface } from '@concepta/typeorm-common';
import { Injectable } from '@nestjs/common';
import type { AppRole } from '../../app.acl';
import { RoleModelService } from '../role/role-model.service';
import { UserRoleModelService } from '../role/user-role-model.service';
import { AppUserPasswordService } from './app-user-password.service';
import type { UserEntity } from './entities/user.entity';
import { UserModelService } from './user-model.service';

export interface NewAccount {
  username: string;
  email: string;
  password: string;
}

/** Users who can log in: a hashed password and a role, both or neither. */
@Injectable()
export class UserAccountService {
  constructor(
    private readonly users: UserModelService,
    private readonly roles: RoleModelService,
    private readonly userRoles: UserRoleModelService,
    private readonly passwords: AppUserPasswordService,
  ) {}

  async create(account: NewAccount, role: AppRole): Promise<UserEntity> {
    return this.users.transaction().commit(async (transaction) => {
      const user = await this.createUser(account, { transaction });
      await this.assign(user, role, { transaction });
      return user;
    });
  }

  /** Gives the role to the user of this name, whom it creates if need be; false: he had it. */
  async ensure(account: NewAccount, role: AppRole): Promise<boolean> {
    return this.users.transaction().commit(async (transaction) => {
      const known = await this.users.byUsername(account.username, { transaction });
      const user = known ?? (await this.createUser(account, { transaction }));
      return this.assign(user, role, { transaction });
    });
  }

  private async createUser(
    { username, email, password }: NewAccount,
    queryOptions: QueryOptionsInterface,
  ): Promise<UserEntity> {
    const stored = await this.passwords.setPassword({ password });
    return this.users.create({ username, email, active: true, ...stored }, queryOptions);
  }

  private async assign(
    user: UserEntity,
    name: AppRole,
    queryOptions: QueryOptionsInterface,
  ): Promise<boolean> {
    const role = await this.roles.byName(name, queryOptions);
    if (!role) {
      throw new Error(`The role ${name} is missing; the next start of the application adds it.`);
    }
    return this.userRoles.assign(role, user, queryOptions);
  }
}
