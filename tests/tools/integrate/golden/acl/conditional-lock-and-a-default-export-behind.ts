import { AccessControl } from 'accesscontrol';
export enum AppRole {
  Admin = 'admin',
  User = 'user',
}
export enum AppResource {
  User = 'user',
}
const allResources = Object.values(AppResource);
export const acRules = new AccessControl();
acRules.grant([AppRole.Admin]).resource(allResources).createAny().readAny();
acRules.grant([AppRole.User]).resource(allResources).createOwn().readOwn();
if (process.env.LOCK) {
  acRules.lock();
}
export default acRules;
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
const allResources = Object.values(AppResource);
export const acRules = new AccessControl();
acRules.grant([AppRole.Admin]).resource(allResources).createAny().readAny();
acRules.grant([AppRole.User]).resource(allResources).createOwn().readOwn();

acRules.removeResources([AppResource.Product, AppResource.ProductList]);
acRules
  .grant(AppRole.Admin)
  .resource([AppResource.Product, AppResource.ProductList])
  .createAny()
  .readAny()
  .updateAny()
  .deleteAny();
acRules.grant(AppRole.User).resource([AppResource.Product, AppResource.ProductList]).readOwn();
if (process.env.LOCK) {
  acRules.lock();
}
export default acRules;
