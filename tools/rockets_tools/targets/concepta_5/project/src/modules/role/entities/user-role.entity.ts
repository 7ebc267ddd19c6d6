import { RoleAssignmentPostgresEntity } from '@concepta/nestjs-role';
import { Entity, ManyToOne } from 'typeorm';
import { UserEntity } from '../../user/entities/user.entity';
import { RoleEntity } from './role.entity';

/** The assignment of one role to one user; a role in use cannot be deleted. */
@Entity('user_role')
export class UserRoleEntity extends RoleAssignmentPostgresEntity {
  @ManyToOne(() => RoleEntity, (role) => role.assignees, { nullable: false })
  role!: RoleEntity;

  @ManyToOne(() => UserEntity, (user) => user.userRoles, { nullable: false, onDelete: 'CASCADE' })
  assignee!: UserEntity;
}
