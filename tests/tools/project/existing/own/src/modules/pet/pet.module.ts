import { AccessControlReadMany } from "@concepta/nestjs-access-control"
import { Controller, Get, Module } from "@nestjs/common"
import { InjectRepository, TypeOrmModule } from "@nestjs/typeorm"
import { Repository } from "typeorm"
import { PetEntity } from "./pet.entity"

@Controller("pet")
class PetController {
	constructor(@InjectRepository(PetEntity) private readonly pets: Repository<PetEntity>) {}

	@Get()
	@AccessControlReadMany("pet-list")
	all() {
		return this.pets.find()
	}
}

@Module({ imports: [TypeOrmModule.forFeature([PetEntity])], controllers: [PetController] })
export class PetModule {}
