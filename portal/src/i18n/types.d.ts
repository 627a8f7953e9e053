/** Every key is checked by the compiler against the English texts. A new page's file is added here. */
import type apps from './en/apps.json';
import type audit from './en/audit.json';
import type common from './en/common.json';
import type errors from './en/errors.json';
import type health from './en/health.json';
import type licenses from './en/licenses.json';
import type policies from './en/policies.json';
import type policyPane from './en/policyPane.json';
import type products from './en/products.json';
import type report from './en/report.json';
import type settings from './en/settings.json';
import type shell from './en/shell.json';
import type users from './en/users.json';
import type wizard from './en/wizard.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    returnNull: false;
    resources: {
      apps: typeof apps;
      audit: typeof audit;
      common: typeof common;
      errors: typeof errors;
      health: typeof health;
      licenses: typeof licenses;
      policies: typeof policies;
      policyPane: typeof policyPane;
      products: typeof products;
      report: typeof report;
      settings: typeof settings;
      shell: typeof shell;
      users: typeof users;
      wizard: typeof wizard;
    };
  }
}
