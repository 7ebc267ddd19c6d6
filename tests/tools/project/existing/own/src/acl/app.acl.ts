import { RoleResource } from "@concepta/nestjs-role"
import { UserResource } from "@concepta/nestjs-user"
import { AccessControl } from "accesscontrol"

export enum AppRole {
	ADMIN = "admin",
	VET = "vet",
}

export enum AppResource {
	Pet = "pet",
	PetList = "pet-list",
	User = "user",
	UserList = "user-list",
}

export const rules = new AccessControl()

rules
	.grant(AppRole.ADMIN)
	.resource([UserResource.One, UserResource.Many, RoleResource.One, RoleResource.Many])
	.create()
	.read()
	.update()
	.delete()
rules.grant(AppRole.ADMIN).resource(["role-assignment", "role-assignment-list"]).create().read().update().delete()
rules.grant(AppRole.VET).resource([AppResource.Pet, AppResource.PetList]).readAny()
