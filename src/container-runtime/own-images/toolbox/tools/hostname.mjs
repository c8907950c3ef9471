import { hostname, networkInterfaces } from 'node:os';

export function run([flag]) {
  const addresses = Object.values(networkInterfaces())
    .flat()
    .filter(({ internal }) => !internal);
  console.log(flag === '-i' || flag === '-I' ? addresses.map(({ address }) => address).join(' ') : hostname());
}
