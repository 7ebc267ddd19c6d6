import { RoleAssignmentPostgresEntity } from "@concepta/nestjs-role"
import { Entity, ManyToOne } from "typeorm"
import { Account } from "./account.entity"
import { RoleEntity } from "./role.entity"

@Entity("user_role")
export class UserRoleEntity extends RoleAssignmentPostgresEntity {
	@ManyToOne(() => RoleEntity, (role) => role.assignees)
	override role!: RoleEntity

	@ManyToOne(() => Account, (user) => user.userRoles)
	override assignee!: Account
}
