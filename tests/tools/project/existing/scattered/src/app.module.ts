import { Module } from '@nestjs/common';
import { ConfigModule as Settings } from '@nestjs/config';
import { TypeOrmModule } from '@nestjs/typeorm';
import { options } from './database/data-source';

@Module({ imports: [Settings.forRoot({ isGlobal: true }), TypeOrmModule.forRoot(options)] })
export class AppModule {}
