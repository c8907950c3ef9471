import type { Answer } from 'dns-packet';
import type { Service } from '#api';
import { endpointsOf, reverseNamesOf, serviceFqdn, type NamedEndpoint } from './endpoints.ts';
import { parseClusterName, parseReverseName, type ClusterName } from './names.ts';
import type { ClusterView } from './view.ts';

export type QueryType = 'A' | 'AAAA' | 'SRV' | 'PTR' | 'CNAME' | 'TXT' | 'SOA' | 'NS' | 'ANY' | (string & {});

/** An answer with authority: records, `NXDOMAIN`, or an existing name without records of the type (`NODATA`). */
export interface Resolution {
  rcode: 'NOERROR' | 'NXDOMAIN';
  answers: Answer[];
  additionals: Answer[];
  /** A name outside the zone that the answer leads to (ExternalName): the caller may look it up too. */
  chase?: string;
}

/** Seconds that an answer may be kept, as the Corefile of kubeadm sets it. */
export const ttl = 30;

const nothing: Resolution = { rcode: 'NOERROR', answers: [], additionals: [] };
const noSuchName: Resolution = { rcode: 'NXDOMAIN', answers: [], additionals: [] };

/** Answers a question about the cluster; undefined when the name is not the cluster's, so that others may be asked. */
export function resolve(
  question: { name: string; type: QueryType },
  zone: string,
  view: ClusterView,
): Resolution | undefined {
  const name = question.name.toLowerCase().replace(/\.$/, '');
  const reverse = parseReverseName(name);
  if (reverse !== undefined) return resolveReverse(question, reverse, zone, view);
  const parsed = parseClusterName(name, zone);
  return parsed && resolveName(question, parsed, zone, view);
}

function resolveReverse(
  question: { name: string; type: QueryType },
  ip: string,
  zone: string,
  view: ClusterView,
): Resolution | undefined {
  const names = reverseNamesOf(ip, zone, view);
  if (names.length === 0) return undefined;
  if (!asks(question.type, 'PTR')) return nothing;
  return found(names.map((data) => ({ type: 'PTR', name: question.name, ttl, data })));
}

type Question = { name: string; type: QueryType };

function resolveName(question: Question, name: ClusterName, zone: string, view: ClusterView): Resolution {
  switch (name.kind) {
    case 'zone':
      return nothing;
    case 'unknown':
      return noSuchName;
    case 'version':
      return asks(question.type, 'TXT') ? found([{ type: 'TXT', name: question.name, ttl, data: '1.1.0' }]) : nothing;
    case 'folder':
      return name.namespace === undefined || view.namespaceExists(name.namespace) ? nothing : noSuchName;
    case 'pod':
      return view.namespaceExists(name.namespace) ? found(addressRecords(question, [name.ip])) : noSuchName;
    default:
      return resolveService(question, name, zone, view);
  }
}

type ServiceName = Extract<ClusterName, { service: string }>;

function resolveService(question: Question, name: ServiceName, zone: string, view: ClusterView): Resolution {
  const service = view.service(name.namespace, name.service);
  if (!service) return noSuchName;
  const fqdn = serviceFqdn(service, zone);
  if (service.spec.type === 'ExternalName')
    return name.kind === 'service' ? externalName(question, service) : noSuchName;
  if (name.kind === 'port') return portRecords(question, service, name, fqdn, view);
  const endpoints = isHeadless(service) ? endpointsOf(service, view) : [];
  if (name.kind === 'endpoint') {
    const named = endpoints.filter((endpoint) => endpoint.hostname === name.hostname);
    return named.length === 0
      ? noSuchName
      : found(
          addressRecords(
            question,
            named.map((endpoint) => endpoint.ip),
          ),
        );
  }
  if (asks(question.type, 'SRV') && question.type === 'SRV') return serviceRecords(question, service, fqdn, endpoints);
  if (!isHeadless(service)) return found(addressRecords(question, service.spec.clusterIPs ?? []));
  // A headless Service without ready endpoints has no name, as CoreDNS has it.
  return endpoints.length === 0
    ? noSuchName
    : found(addressRecords(question, unique(endpoints.map((endpoint) => endpoint.ip))));
}

function externalName(question: Question, service: Service): Resolution {
  const target = service.spec.externalName ?? '';
  const chase = asks(question.type, 'A', 'AAAA') ? target : undefined;
  return { ...found([{ type: 'CNAME', name: question.name, ttl, data: target }]), chase };
}

function portRecords(
  question: Question,
  service: Service,
  name: { port: string; protocol: string },
  fqdn: string,
  view: ClusterView,
): Resolution {
  const matches = (port: { name?: string; protocol?: string }): boolean =>
    (port.name ?? '').toLowerCase() === name.port && (port.protocol ?? 'TCP').toLowerCase() === name.protocol;
  const targets = isHeadless(service)
    ? endpointsOf(service, view).flatMap((endpoint) =>
        endpoint.ports.filter(matches).map(({ port }) => ({ endpoint, port })),
      )
    : (service.spec.ports ?? []).filter(matches).map(({ port }) => ({ endpoint: undefined, port }));
  if (targets.length === 0) return noSuchName;
  if (!asks(question.type, 'SRV')) return nothing;
  return srv(question, service, fqdn, targets);
}

/** SRV of the Service itself: one for each of its ports. */
function serviceRecords(question: Question, service: Service, fqdn: string, endpoints: NamedEndpoint[]): Resolution {
  const targets = isHeadless(service)
    ? endpoints.flatMap((endpoint) => endpoint.ports.map(({ port }) => ({ endpoint, port })))
    : (service.spec.ports ?? []).map(({ port }) => ({ endpoint: undefined, port }));
  return srv(question, service, fqdn, targets);
}

function srv(
  question: Question,
  service: Service,
  fqdn: string,
  targets: { endpoint?: NamedEndpoint; port: number }[],
): Resolution {
  const answers: Answer[] = [];
  const additionals: Answer[] = [];
  const weight = Math.max(1, Math.floor(100 / Math.max(1, targets.length)));
  for (const { endpoint, port } of targets) {
    const target = endpoint ? `${endpoint.hostname}.${fqdn}` : fqdn;
    answers.push({ type: 'SRV', name: question.name, ttl, data: { priority: 0, weight, port, target } });
    for (const ip of endpoint ? [endpoint.ip] : (service.spec.clusterIPs ?? [])) {
      additionals.push({ type: ip.includes(':') ? 'AAAA' : 'A', name: target, ttl, data: ip });
    }
  }
  return { rcode: 'NOERROR', answers, additionals };
}

function addressRecords(question: Question, ips: readonly string[]): Answer[] {
  return ips.flatMap((ip): Answer[] => {
    const type = ip.includes(':') ? 'AAAA' : 'A';
    return asks(question.type, type) ? [{ type, name: question.name, ttl, data: ip }] : [];
  });
}

function asks(type: QueryType, ...wanted: string[]): boolean {
  return type === 'ANY' || wanted.includes(type);
}

function found(answers: Answer[]): Resolution {
  return { rcode: 'NOERROR', answers, additionals: [] };
}

function unique(ips: string[]): string[] {
  return [...new Set(ips)];
}

function isHeadless(service: Service): boolean {
  return service.spec.clusterIP === 'None';
}
