import { AccessControlModule } from "@concepta/nestjs-access-control"
import { AuthJwtModule } from "@concepta/nestjs-auth-jwt"
import { AuthLocalModule } from "@concepta/nestjs-auth-local"
import { AuthRefreshModule } from "@concepta/nestjs-auth-refresh"
import { AuthenticationModule } from "@concepta/nestjs-authentication"
import { CrudModule } from "@concepta/nestjs-crud"
import { JwtModule } from "@concepta/nestjs-jwt"
import { PasswordModule } from "@concepta/nestjs-password"
import { RoleModule } from "@concepta/nestjs-role"
import { TypeOrmExtModule } from "@concepta/nestjs-typeorm-ext"
import { UserAccessQueryService, UserModule } from "@concepta/nestjs-user"
import { Module } from "@nestjs/common"
import { ConfigModule, type ConfigType } from "@nestjs/config"
import { rules } from "./acl/app.acl"
import { AccountLookupService } from "./auth/account-lookup.service"
import { AccountModule } from "./auth/account.module"
import { ormConfig } from "./config/typeorm.config"
import { Account } from "./entities/account.entity"
import { RoleEntity } from "./entities/role.entity"
import { UserRoleEntity } from "./entities/user-role.entity"
import { PetModule } from "./modules/pet/pet.module"

const lookup = () => ({
	inject: [AccountLookupService],
	useFactory: (userLookupService: AccountLookupService) => ({ userLookupService }),
})

@Module({
	imports: [
		ConfigModule.forRoot({ isGlobal: true, load: [ormConfig] }),
		TypeOrmExtModule.forRootAsync({
			inject: [ormConfig.KEY],
			useFactory: (config: ConfigType<typeof ormConfig>) => config,
		}),
		AccountModule,
		JwtModule.forRoot({}),
		PasswordModule.forRoot({}),
		AuthenticationModule.forRoot({}),
		AuthLocalModule.forRootAsync({ ...lookup() }),
		AuthRefreshModule.forRootAsync({ ...lookup() }),
		AuthJwtModule.forRootAsync({ ...lookup() }),
		CrudModule.forRoot({}),
		AccessControlModule.forRoot({ settings: { rules }, queryServices: [UserAccessQueryService] }),
		UserModule.forRoot({ entities: { user: { entity: Account } } }),
		RoleModule.forRoot({
			settings: { assignments: { user: { entityKey: "userRole" } } },
			entities: { role: { entity: RoleEntity }, userRole: { entity: UserRoleEntity } },
		}),
		PetModule,
	],
})
export class AppModule {}
