import { resource } from '#machinery';
import { Secret } from './secret.ts';
import { secretColumns } from './plain-columns.ts';
import { setSecretDefaults } from './secret-defaults.ts';
import { validateSecret } from './secret-validation.ts';
import { warnOfSecret } from './warnings/secret.ts';

export const secrets = resource({
  group: '',
  version: 'v1',
  kind: Secret,
  plural: 'secrets',
  namespaced: true,
  columns: secretColumns,
  selectableFields: { type: ({ type }) => type ?? '' },
  setDefaults: setSecretDefaults,
  validate: validateSecret,
  warn: warnOfSecret,
});
