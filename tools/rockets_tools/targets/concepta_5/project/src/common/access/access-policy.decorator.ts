import type { EntityMetadata } from 'typeorm';

/** What the access and CRUD layers must know about an entity; without it nothing is answered. */
export interface AccessPolicyOptions {
  /** Its resources in `app.acl.ts`: one record and the list of records. */
  resource: { One: string; Many: string };
  /** Property with the id of the owning user, or a path of relations to it: `task.userId`. */
  owner?: string;
  /** Properties a caller may see; by default every column that TypeORM selects by default. */
  fields?: readonly string[];
  /** Deleting only marks the record, and it can be recovered. */
  softDelete?: boolean;
}

const policies = new WeakMap<object, AccessPolicyOptions>();

/** Declares the access policy of an entity class, once, for all routes that touch it. */
export function AccessPolicy(policy: AccessPolicyOptions): ClassDecorator {
  return (target) => {
    policies.set(target, policy);
  };
}

export function accessPolicyOf(metadata: EntityMetadata): AccessPolicyOptions | undefined {
  return typeof metadata.target === 'function' ? policies.get(metadata.target) : undefined;
}
