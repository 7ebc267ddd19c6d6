import { UserPostgresEntity, UserResource } from '@concepta/nestjs-user';
import { Entity, OneToMany } from 'typeorm';
import { AccessPolicy } from '../../../common/access/access-policy.decorator';
import { UserRoleEntity } from '../../role/entities/user-role.entity';

/** What other records' answers may show of a user is in the access policy. */
@AccessPolicy({ resource: UserResource, fields: ['id', 'username'] })
@Entity('user')
export class UserEntity extends UserPostgresEntity {
  @OneToMany(() => UserRoleEntity, (userRole) => userRole.assignee)
  userRoles!: UserRoleEntity[];
}
