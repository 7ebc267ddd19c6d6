import { RolePostgresEntity } from "@concepta/nestjs-role"
import { Entity, OneToMany } from "typeorm"
import { UserRoleEntity } from "./user-role.entity"

@Entity("role")
export class RoleEntity extends RolePostgresEntity {
	@OneToMany(() => UserRoleEntity, (userRole) => userRole.role)
	override assignees!: UserRoleEntity[]
}
