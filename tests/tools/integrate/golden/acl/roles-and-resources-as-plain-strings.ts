import { AccessControl } from 'accesscontrol';
export const acRules = new AccessControl();
acRules.grant('admin').resource('pet').readAny();
//// after
import { AccessControl } from 'accesscontrol';
export const acRules = new AccessControl();
acRules.grant('admin').resource('pet').readAny();

acRules
  .grant('admin')
  .resource(['product', 'product-list'])
  .createAny()
  .readAny()
  .updateAny()
  .deleteAny();
acRules.grant('user').resource(['product', 'product-list']).readOwn();
