import { UserPostgresEntity } from "@concepta/nestjs-user"
import { Column, Entity, OneToMany } from "typeorm"
import { UserRoleEntity } from "./user-role.entity"

/** Everybody who works in the clinic. */
@Entity("user")
export class Account extends UserPostgresEntity {
	@Column({ type: "varchar", nullable: true })
	phone!: string | null

	@OneToMany(() => UserRoleEntity, (userRole) => userRole.assignee)
	userRoles!: UserRoleEntity[]
}
