import { AccessControl } from 'accesscontrol';
export enum AppRole {
  Admin = 'admin',
  User = 'user',
}
export enum AppResource {
  User = 'user',
}
export const acRules = new AccessControl();
first();
function first(): void {
  second(acRules);
}
function second(rules: AccessControl): void {
  rules.grant(AppRole.User).resource(AppResource.User).readAny();
}
for (const role of Object.values(AppRole)) {
  acRules.grant(role).resource(Object.values(AppResource)).readOwn();
}
second(acRules);
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
first();
function first(): void {
  second(acRules);
}
function second(rules: AccessControl): void {
  rules.grant(AppRole.User).resource(AppResource.User).readAny();
}
for (const role of Object.values(AppRole)) {
  acRules.grant(role).resource(Object.values(AppResource)).readOwn();
}
second(acRules);

acRules.removeResources([AppResource.Product, AppResource.ProductList]);
acRules
  .grant(AppRole.Admin)
  .resource([AppResource.Product, AppResource.ProductList])
  .createAny()
  .readAny()
  .updateAny()
  .deleteAny();
acRules.grant(AppRole.User).resource([AppResource.Product, AppResource.ProductList]).readOwn();
