import type { AccessControlServiceInterface } from '@concepta/nestjs-access-control';
import {
  type ExecutionContext,
  ForbiddenException,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import type { Request } from 'express';
import { acRules } from '../../app.acl';
import type { UserEntity } from '../user/entities/user.entity';
import { roleNamesOf } from './role-names';

/** Tells the access control guard who is asking and by which roles. */
@Injectable()
export class AppAccessControlService implements AccessControlServiceInterface {
  getUser(context: ExecutionContext): Promise<UserEntity | undefined> {
    const request = context.switchToHttp().getRequest<Request & { user?: UserEntity }>();
    return Promise.resolve(request.user);
  }

  async getUserRoles(context: ExecutionContext): Promise<string[]> {
    const user = await this.getUser(context);
    if (!user) {
      throw new UnauthorizedException();
    }
    // The rules throw on a role they do not know, and on having none at all.
    const known = new Set(acRules.getRoles());
    const roles = roleNamesOf(user).filter((name) => known.has(name));
    if (roles.length === 0) {
      throw new ForbiddenException();
    }
    return roles;
  }
}
