import type { AccessControlContext } from '@concepta/nestjs-access-control';
import { UserAccessQueryService } from '@concepta/nestjs-user';
import { Injectable } from '@nestjs/common';

/**
 * The SDK's rule (a password is changed by its user only), and no own scope over user records: who
 * is not granted `any` lists, activates and renames nobody. His own record is at `/me`.
 */
@Injectable()
export class AppUserAccessQueryService extends UserAccessQueryService {
  async canAccess(context: AccessControlContext): Promise<boolean> {
    return context.getQuery().possession === 'any' && (await super.canAccess(context));
  }
}
