/** A user as the roles see him; who is loaded without his assignments has none. */
interface Assignee {
  userRoles?: readonly { role?: object }[];
}

/** The names of a user's roles. */
export function roleNamesOf({ userRoles = [] }: Assignee): string[] {
  return userRoles.flatMap(({ role }) =>
    role && 'name' in role && typeof role.name === 'string' ? role.name : [],
  );
}
