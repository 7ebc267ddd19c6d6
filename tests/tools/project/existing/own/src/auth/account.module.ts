import { TypeOrmExtModule } from "@concepta/nestjs-typeorm-ext"
import { Global, Module } from "@nestjs/common"
import { Account } from "../entities/account.entity"
import { AccountLookupService } from "./account-lookup.service"

@Global()
@Module({
	imports: [TypeOrmExtModule.forFeature({ user: { entity: Account } })],
	providers: [AccountLookupService],
	exports: [AccountLookupService],
})
export class AccountModule {}
