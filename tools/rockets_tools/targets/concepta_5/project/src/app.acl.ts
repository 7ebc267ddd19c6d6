import { AccessControl } from 'accesscontrol';

export enum AppRole {
  Admin = 'admin',
  User = 'user',
}

/** One record and the list of records are two resources, for every entity. */
export enum AppResource {
  User = 'user',
  UserList = 'user-list',
  Role = 'role',
  RoleList = 'role-list',
  RoleAssignment = 'role-assignment',
  RoleAssignmentList = 'role-assignment-list',
}

/**
 * What each role may do. Nothing is allowed that is not granted here.
 *
 * Grant the resources of users, roles and assignments to administrators only: who may write an
 * assignment can give himself any role.
 */
export const acRules = new AccessControl();

acRules
  .grant(AppRole.Admin)
  .resource([
    AppResource.User,
    AppResource.UserList,
    AppResource.Role,
    AppResource.RoleList,
    AppResource.RoleAssignment,
    AppResource.RoleAssignmentList,
  ])
  .createAny()
  .readAny()
  .updateAny()
  .deleteAny();
