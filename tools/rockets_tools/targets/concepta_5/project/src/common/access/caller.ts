import {
  type AccessControlContextInterface,
  ActionEnum,
  PossessionEnum,
} from '@concepta/nestjs-access-control';
import { createParamDecorator, type ExecutionContext, ForbiddenException } from '@nestjs/common';
import type { AccessPolicyOptions } from './access-policy.decorator';

/** Who is asking, in which scope the guard let him in, and what else his roles allow. */
export class Caller {
  constructor(
    readonly userId: string,
    /** `any`: all records; `own`: only those that lead to this user. */
    readonly possession: PossessionEnum,
    private readonly granted: (
      action: ActionEnum,
      possession: PossessionEnum,
      resource: string,
    ) => boolean,
  ) {}

  get ownOnly(): boolean {
    return this.possession !== PossessionEnum.ANY;
  }

  /** The widest possession his roles have for an action; undefined: none. */
  possessionFor(action: ActionEnum, resource: string): PossessionEnum | undefined {
    return [PossessionEnum.ANY, PossessionEnum.OWN].find((possession) =>
      this.granted(action, possession, resource),
    );
  }

  /** All his grants on the entity are for own records, so he may not point at others' either. */
  holdsOnlyOwn({ resource }: AccessPolicyOptions): boolean {
    const held = Object.values(ActionEnum).flatMap((action) => [
      this.possessionFor(action, resource.One),
      this.possessionFor(action, resource.Many),
    ]);
    return held.includes(PossessionEnum.OWN) && !held.includes(PossessionEnum.ANY);
  }
}

const callers = new WeakMap<object, Caller>();

/**
 * Turns what the guard found into the caller of this request, for `@CurrentCaller()`.
 * Undefined when there is no user, or none of the two possessions.
 */
export function admitCaller(context: AccessControlContextInterface): Caller | undefined {
  const request = context.getRequest();
  const { role, possession } = context.getQuery();
  const userId = userIdOf(context.getUser());
  const known = Object.values(PossessionEnum).find((value) => value === possession);
  if (typeof request !== 'object' || request === null || !userId || !known) {
    return undefined;
  }
  const rules = context.getAccessControl();
  const caller = new Caller(
    userId,
    known,
    (action, wanted, resource) =>
      rules.permission({ role, action, possession: wanted, resource }).granted,
  );
  callers.set(request, caller);
  return caller;
}

/** The caller an access query service admitted; a route without one answers 403. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const caller = callers.get(context.switchToHttp().getRequest<object>());
  if (!caller) {
    throw new ForbiddenException();
  }
  return caller;
});

function userIdOf(user: unknown): string | undefined {
  const id = typeof user === 'object' && user !== null && 'id' in user ? user.id : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}
