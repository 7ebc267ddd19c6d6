import { AccessControl } from 'accesscontrol';
export enum AppRole {
  Admin = 'admin',
  User = 'user',
}
export enum AppResource {
  Goods = 'product',
  'goods-list' = 'product-list',
}
export const acRules = new AccessControl();
//// after
import { AccessControl } from 'accesscontrol';
export enum AppRole {
  Admin = 'admin',
  User = 'user',
}
export enum AppResource {
  Goods = 'product',
  'goods-list' = 'product-list',
}
export const acRules = new AccessControl();

acRules
  .grant(AppRole.Admin)
  .resource([AppResource.Goods, AppResource['goods-list']])
  .createAny()
  .readAny()
  .updateAny()
  .deleteAny();
acRules.grant(AppRole.User).resource([AppResource.Goods, AppResource['goods-list']]).readOwn();
