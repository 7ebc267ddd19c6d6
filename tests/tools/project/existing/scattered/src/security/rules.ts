import { AccessControl } from 'accesscontrol';

const acRules = new AccessControl();

acRules.grant('listener').resource('track').readAny();

export { acRules };
