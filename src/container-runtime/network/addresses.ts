/** An IPv4 network, as numbers. */
export interface Network {
  base: number;
  prefix: number;
}

/** Reads `10.244.1.0/24`. Throws a `RangeError` for what is no IPv4 network with room for a pod. */
export function parseNetwork(cidr: string): Network {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  const octets = match?.slice(1, 5).map(Number) ?? [];
  const prefix = Number(match?.[5]);
  if (!match || octets.some((octet) => octet > 255) || prefix > 30) throw new RangeError(`invalid pod CIDR "${cidr}"`);
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  return { base: address - (address % size), prefix };
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}

export function parseAddress(text: string): number {
  return text.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

/** The first address, which the bridge has. */
export function gatewayOf(network: Network): string {
  return formatAddress(network.base + 1);
}

/**
 * The next free address after the one given last, so that an address rests before it serves another pod; undefined when
 * all are taken. Network, gateway and broadcast addresses are no pod's.
 */
export function nextAddress(network: Network, taken: ReadonlySet<string>, last?: string): string | undefined {
  const first = 2;
  const count = 2 ** (32 - network.prefix) - 3;
  const offset = last === undefined ? 0 : parseAddress(last) - network.base - first + 1;
  const start = offset >= 0 && offset < count ? offset : 0;
  for (let step = 0; step < count; step++) {
    const address = formatAddress(network.base + first + ((start + step) % count));
    if (!taken.has(address)) return address;
  }
  return undefined;
}

/** A hardware address made of the IP, as CNI's bridges do: who reuses the IP is known by the same one at once. */
export function hardwareAddress(ip: string): string {
  const octets = ip.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'));
  return ['0a', '58', ...octets].join(':');
}
