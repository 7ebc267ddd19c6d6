import { AccessControl } from 'accesscontrol';
export enum AppRole {
  Admin = 'admin',
  User = 'user',
}
export enum AppResource {
  User = 'user',
}
export const ac: AccessControl = new AccessControl();
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
export const ac: AccessControl = new AccessControl();

ac.grant(AppRole.Admin)
  .resource([AppResource.Product, AppResource.ProductList])
  .createAny()
  .readAny()
  .updateAny()
  .deleteAny();
ac.grant(AppRole.User).resource([AppResource.Product, AppResource.ProductList]).readOwn();
