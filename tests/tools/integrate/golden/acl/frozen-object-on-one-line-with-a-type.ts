import { AccessControl } from 'accesscontrol';
export enum AppRole {
  Admin = 'admin',
  User = 'user',
}
export const AppResource = Object.freeze({ User: 'user' } as const);
export const acRules = new AccessControl();
//// after
import { AccessControl } from 'accesscontrol';
export enum AppRole {
  Admin = 'admin',
  User = 'user',
}
export const AppResource = Object.freeze({
  User: 'user',
  Product: 'product',
  ProductList: 'product-list',
} as const);
export const acRules = new AccessControl();

acRules
  .grant(AppRole.Admin)
  .resource([AppResource.Product, AppResource.ProductList])
  .createAny()
  .readAny()
  .updateAny()
  .deleteAny();
acRules.grant(AppRole.User).resource([AppResource.Product, AppResource.ProductList]).readOwn();
