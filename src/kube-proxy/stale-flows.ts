import type { ServicePort } from './service-port.ts';

/** A UDP flow that was translated: its packets go to `endpoint` for as long as the kernel remembers it. */
export interface Flow {
  address: string;
  port: number;
  endpoint: string;
}

/** Reads what `conntrack -L -f ipv4 -p udp` prints: a flow a line, its original direction before the reply's. */
export function parseFlows(listing: string): Flow[] {
  return listing.split('\n').flatMap((line) => {
    const [address] = valuesOf(line, 'dst');
    const [port] = valuesOf(line, 'dport');
    const [, endpoint] = valuesOf(line, 'src');
    return address && port && endpoint ? [{ address, port: Number(port), endpoint }] : [];
  });
}

function valuesOf(line: string, field: string): string[] {
  return [...line.matchAll(new RegExp(` ${field}=(\\S+)`, 'g'))].map(([, value = '']) => value);
}

/**
 * The flows to Services whose endpoint is gone. UDP knows no end: a client that keeps sending from one port would talk
 * to nobody for ever, since rules are asked for the first packet of a flow only. A Service without any endpoint keeps
 * its flows. Each is named once, however many clients it has. (`pkg/proxy/conntrack/cleanup.go`)
 */
export function staleFlows(flows: readonly Flow[], ports: readonly ServicePort[]): Flow[] {
  const serving = new Map<string, ReadonlySet<string>>();
  for (const port of ports) {
    if (port.protocol !== 'udp' || port.servingIps.length === 0) continue;
    for (const front of frontsOf(port)) serving.set(front, new Set(port.servingIps));
  }
  const stale = flows.filter(({ address, port, endpoint }) => {
    const those = serving.get(`${address}:${port}`) ?? serving.get(`:${port}`);
    return those !== undefined && !those.has(endpoint);
  });
  return [...new Map(stale.map((flow) => [JSON.stringify(flow), flow])).values()];
}

/** Under what a port is called: `address:port`, and `:port` for a node port, whatever the address. */
function frontsOf({ clusterIps, externalIps, balancerIps, port, nodePort }: ServicePort): string[] {
  const fronts = [...clusterIps, ...externalIps, ...balancerIps].map((ip) => `${ip}:${port}`);
  return nodePort === undefined ? fronts : [...fronts, `:${nodePort}`];
}

/** What says whether another look for stale flows is due: it changes when a UDP endpoint comes or goes. */
export function udpState(ports: readonly ServicePort[]): string {
  const udp = ports.filter(({ protocol }) => protocol === 'udp');
  return JSON.stringify(udp.map((port) => [frontsOf(port), port.servingIps]));
}
