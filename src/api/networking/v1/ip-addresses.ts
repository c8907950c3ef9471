import { resource } from '#machinery';
import { IPAddress } from './ip-address.ts';
import { ipAddressColumns } from './ip-address-columns.ts';
import { validateIPAddress } from './ip-address-validation.ts';

export const ipAddresses = resource({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: IPAddress,
  plural: 'ipaddresses',
  shortNames: ['ip'],
  namespaced: false,
  nameRule: 'ip',
  columns: ipAddressColumns,
  validate: validateIPAddress,
});
