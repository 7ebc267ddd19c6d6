import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { validationSettings } from '../config/validation.settings';
import { BodyPipe } from './crud/body.pipe';
import { restrictCrudQuery } from './crud/crud-query.middleware';
import { ExceptionsFilter } from './filters/exceptions.filter';

/** What holds for every route: how bodies are checked, how errors leave, what lists may ask. */
@Module({
  providers: [
    { provide: APP_FILTER, useClass: ExceptionsFilter },
    { provide: APP_PIPE, useFactory: () => new BodyPipe(validationSettings) },
  ],
})
export class CommonModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    const dates = ['dateCreated', 'dateUpdated'];
    consumer
      .apply(restrictCrudQuery(['id', 'username', 'email', 'active', ...dates]))
      .forRoutes('user')
      .apply(restrictCrudQuery(['id', 'name', 'description', ...dates]))
      .forRoutes('role')
      .apply(restrictCrudQuery(['id', 'role.id', 'assignee.id', ...dates]))
      .forRoutes('role-assignment');
  }
}
