import { Column, Entity, ManyToOne, PrimaryGeneratedColumn } from "typeorm"
import { Account } from "../../entities/account.entity"

@Entity("pet")
export class PetEntity {
	@PrimaryGeneratedColumn("uuid")
	id!: string

	@Column({ type: "varchar" })
	name!: string

	@ManyToOne(() => Account, { nullable: true })
	vet!: Account | null
}
