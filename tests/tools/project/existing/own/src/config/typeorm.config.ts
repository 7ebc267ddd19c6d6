import { registerAs } from "@nestjs/config"
import type { TypeOrmModuleOptions } from "@nestjs/typeorm"
import { PetEntity } from "../modules/pet/pet.entity"
import { RoleEntity } from "../entities/role.entity"
import { UserRoleEntity } from "../entities/user-role.entity"
import { Account } from "../entities/account.entity"

export const ormConfig = registerAs(
	"ORM",
	(): TypeOrmModuleOptions => ({
		type: "postgres",
		url: process.env.DATABASE_URL,
		entities: [Account, RoleEntity, UserRoleEntity, PetEntity],
		migrations: [__dirname + "/../migrations/*.js"],
		uuidExtension: "pgcrypto",
		installExtensions: false,
		logging: process.env.DATABASE_LOG === "true",
	}),
)
