import { AccessControl } from 'accesscontrol';
export enum AppRole { Admin = 'admin' }
export enum AppResource {}
export const acRules = new AccessControl();
//// after
import { AccessControl } from 'accesscontrol';
export enum AppRole {
  Admin = 'admin',
  User = 'user',
}
export enum AppResource {
  Product = 'product',
  ProductList = 'product-list',
}
export const acRules = new AccessControl();

acRules
  .grant(AppRole.Admin)
  .resource([AppResource.Product, AppResource.ProductList])
  .createAny()
  .readAny()
  .updateAny()
  .deleteAny();
acRules.grant(AppRole.User).resource([AppResource.Product, AppResource.ProductList]).readOwn();
