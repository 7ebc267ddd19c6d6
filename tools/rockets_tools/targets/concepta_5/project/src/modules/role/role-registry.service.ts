import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { AppRole } from '../../app.acl';
import { databaseErrorOf } from '../../common/filters/describe-database-error';
import { RoleModelService } from './role-model.service';

const UNDEFINED_TABLE = '42P01';

/** Keeps the role table in step with the roles of the access rules: each start adds what lacks. */
@Injectable()
export class RoleRegistryService implements OnApplicationBootstrap {
  private readonly logger = new Logger(RoleRegistryService.name);

  constructor(private readonly roles: RoleModelService) {}

  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.roles.addMissing(Object.values(AppRole));
    } catch (error) {
      if (databaseErrorOf(error)?.code !== UNDEFINED_TABLE) {
        throw error;
      }
      this.logger.warn('The database has no tables yet. Run `npm run migration:run`.');
    }
  }
}
