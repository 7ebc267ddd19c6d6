import { CommonPostgresEntity } from '@concepta/typeorm-common';
import { Column, Entity } from 'typeorm';

@Entity('note')
export class NoteEntity extends CommonPostgresEntity {
  @Column({ type: 'text' })
  text: string;
}
