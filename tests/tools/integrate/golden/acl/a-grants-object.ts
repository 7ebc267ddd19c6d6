import { AccessControl } from 'accesscontrol';
export enum AppRole {
  Admin = 'admin',
  User = 'user',
}
export enum AppResource {
  User = 'user',
}
const grants = { admin: { product: { 'read:any': ['*'] } } };
export const acRules = new AccessControl(grants);
//// after
import { AccessControl } from 'accesscontrol';
export enum AppRole {
  Admin = 'admin',
  User = 'user',
}
export enum AppResource {
  User = 'user',
  Product = 'product',
  ProductList = 'product-list',
}
const grants = { admin: { product: { 'read:any': ['*'] } } };
export const acRules = new AccessControl(grants);

acRules.removeResources([AppResource.Product, AppResource.ProductList]);
acRules
  .grant(AppRole.Admin)
  .resource([AppResource.Product, AppResource.ProductList])
  .createAny()
  .readAny()
  .updateAny()
  .deleteAny();
acRules.grant(AppRole.User).resource([AppResource.Product, AppResource.ProductList]).readOwn();
