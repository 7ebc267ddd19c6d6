import { AccessControl } from 'accesscontrol';
export enum AppRole {
  Admin = 'admin',
  User = 'user',
}
export enum AppResource {
  User = 'user',
}
export const acRules = new AccessControl();
const own = [AppResource.User];
acRules.grant(AppRole.User).readOwn(own).updateOwn(own);
acRules.deny(AppRole.User).resource(AppResource.User).deleteOwn(); // never
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
export const acRules = new AccessControl();
const own = [AppResource.User];
acRules.grant(AppRole.User).readOwn(own).updateOwn(own);
acRules.deny(AppRole.User).resource(AppResource.User).deleteOwn(); // never

acRules
  .grant(AppRole.Admin)
  .resource([AppResource.Product, AppResource.ProductList])
  .createAny()
  .readAny()
  .updateAny()
  .deleteAny();
acRules.grant(AppRole.User).resource([AppResource.Product, AppResource.ProductList]).readOwn();
