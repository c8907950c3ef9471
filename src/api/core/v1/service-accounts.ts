import { resource } from '#machinery';
import { TokenRequest } from '../../authentication/v1/token-request.ts';
import { ServiceAccount } from './service-account.ts';
import { serviceAccountColumns } from './plain-columns.ts';
import { warnOfServiceAccount } from './warnings/service-account.ts';

export const serviceAccounts = resource({
  group: '',
  version: 'v1',
  kind: ServiceAccount,
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  namespaced: true,
  subresources: {
    token: { kind: { group: 'authentication.k8s.io', version: 'v1', kind: TokenRequest }, verbs: ['create'] },
  },
  columns: serviceAccountColumns,
  warn: warnOfServiceAccount,
});
