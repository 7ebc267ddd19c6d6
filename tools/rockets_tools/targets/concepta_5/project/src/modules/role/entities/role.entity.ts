import { RolePostgresEntity, RoleResource } from '@concepta/nestjs-role';
import { Column, Entity, OneToMany } from 'typeorm';
import { AccessPolicy } from '../../../common/access/access-policy.decorator';
import { UserRoleEntity } from './user-role.entity';

@AccessPolicy({ resource: RoleResource, fields: ['id', 'name'] })
@Entity('role')
export class RoleEntity extends RolePostgresEntity {
  @Column({ type: 'varchar', unique: true })
  name!: string;

  @OneToMany(() => UserRoleEntity, (userRole) => userRole.role)
  assignees!: UserRoleEntity[];
}
