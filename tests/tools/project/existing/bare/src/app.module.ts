import { CrudModule } from '@concepta/nestjs-crud';
import { TypeOrmExtModule } from '@concepta/nestjs-typeorm-ext';
import { Module } from '@nestjs/common';
import { NoteEntity } from './notes/note.entity';
import { NotesModule } from './notes/notes.module';

@Module({
  imports: [
    // The connection; see .env
    TypeOrmExtModule.forRoot({
      type: 'postgres',
      host: process.env.DB_HOST,
      port: Number(process.env.DB_PORT ?? 5432),
      username: process.env.DB_USER,
      password: process.env.DB_PASSWORD,
      database: process.env.DB_NAME,
      entities: [NoteEntity],
    }),
    CrudModule.forRoot({}),
    NotesModule,
  ],
})
export class AppModule {}
