import { InjectDynamicRepository } from "@concepta/nestjs-typeorm-ext"
import { UserLookupService } from "@concepta/nestjs-user"
import { Injectable } from "@nestjs/common"
import { Repository } from "typeorm"
import { Account } from "../entities/account.entity"

/** Whoever a token is of, with his roles. */
@Injectable()
export class AccountLookupService extends UserLookupService {
	constructor(@InjectDynamicRepository("user") private readonly accounts: Repository<Account>) {
		super(accounts)
	}

	override async bySubject(id: string): Promise<Account | null> {
		return this.accounts.findOne({ where: { id, active: true }, relations: { userRoles: { role: true } } })
	}
}
