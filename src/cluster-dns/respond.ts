import {
  AUTHORITATIVE_ANSWER,
  decode,
  encode,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from 'dns-packet';
import type { Answer, DecodedPacket, Packet } from 'dns-packet';
import { randomInt, type Logger, type Random } from '#base';
import { encodeReply } from './encode.ts';
import { resolve, ttl, type Resolution } from './resolve.ts';
import type { ClusterView } from './view.ts';

/** Sends a query to a server outside the cluster and returns its answer; both are whole DNS messages. */
export type Upstream = (query: Uint8Array) => Promise<Uint8Array>;

export interface Responder {
  zone: string;
  view: ClusterView;
  random: Random;
  log: Logger;
  upstream?: Upstream;
}

const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
type Rcode = keyof typeof rcodes;

/** The answer to a DNS message, or undefined for what is no query at all. `limitBytes` is what the transport carries without EDNS0. */
export async function respond(
  responder: Responder,
  message: Uint8Array,
  limitBytes: number,
): Promise<Uint8Array | undefined> {
  const query = parse(message);
  if (!query || query.flag_qr) return undefined;
  const question = query.questions?.[0];
  if (opcode(query) !== 0 || query.questions?.length !== 1 || !question) return replyTo(query, { rcode: 'NOTIMP' });
  if (question.class !== 'IN' && question.class !== 'ANY') return replyTo(query, { rcode: 'REFUSED' });
  const limit = Math.max(limitBytes, udpSize(query));
  const resolution = resolve(question, responder.zone, responder.view);
  if (resolution) return answer(responder, query, resolution, limit);
  return forward(responder, query, message, limit);
}

/** The kind of a query: 0 is the standard one (RFC 1035, 4.1.1). */
function opcode(query: DecodedPacket): number {
  return ((query.flags ?? 0) >> 11) & 0xf;
}

function parse(message: Uint8Array): DecodedPacket | undefined {
  try {
    return decode(Buffer.from(message));
  } catch {
    return undefined; // garbage is not answered
  }
}

async function answer(
  responder: Responder,
  query: DecodedPacket,
  resolution: Resolution,
  limit: number,
): Promise<Uint8Array> {
  const chased = resolution.chase ? await chase(responder, query, resolution.chase) : [];
  const authority = resolution.answers.length === 0 ? [startOfAuthority(responder.zone)] : [];
  const answers = [...shuffle(resolution.answers, responder.random), ...chased];
  return fit(
    query,
    { rcode: resolution.rcode, answers, additionals: resolution.additionals, authority, authoritative: true },
    limit,
  );
}

/** Looks up where an ExternalName leads; a failure leaves the client with the CNAME alone. */
async function chase(responder: Responder, query: DecodedPacket, name: string): Promise<Answer[]> {
  const type = query.questions?.[0]?.type ?? 'A';
  const inside = resolve({ name, type }, responder.zone, responder.view);
  if (inside) return inside.answers;
  if (!responder.upstream) return [];
  try {
    const packet: Packet = {
      type: 'query',
      id: query.id,
      flags: RECURSION_DESIRED,
      questions: [{ type, name, class: 'IN' }],
    };
    return decode(Buffer.from(await responder.upstream(encode(packet)))).answers ?? [];
  } catch (error) {
    responder.log.debug({ name, error }, 'the target of an ExternalName could not be looked up');
    return [];
  }
}

async function forward(
  responder: Responder,
  query: DecodedPacket,
  message: Uint8Array,
  limit: number,
): Promise<Uint8Array> {
  if (!responder.upstream) return replyTo(query, { rcode: 'REFUSED' });
  try {
    const reply = await responder.upstream(message);
    return reply.length <= limit ? reply : replyTo(query, { rcode: 'NOERROR', truncated: true });
  } catch (error) {
    responder.log.debug({ name: query.questions?.[0]?.name, error }, 'no upstream DNS server answered');
    return replyTo(query, { rcode: 'SERVFAIL' });
  }
}

interface Reply {
  rcode: Rcode;
  answers?: Answer[];
  additionals?: Answer[];
  authority?: Answer[];
  authoritative?: boolean;
  truncated?: boolean;
}

/**
 * What does not fit loses first the additional records, then as many answers as it must; then the client is told to come
 * again over TCP, though not every client does.
 */
function fit(query: DecodedPacket, reply: Reply, limit: number): Uint8Array {
  const whole = replyTo(query, reply);
  if (whole.length <= limit) return whole;
  let short = replyTo(query, { ...reply, additionals: [] });
  let kept = reply.answers?.length ?? 0;
  while (short.length > limit && kept > 0) {
    kept = Math.min(kept - 1, Math.floor((kept * limit) / short.length));
    short = replyTo(query, { ...reply, answers: reply.answers?.slice(0, kept), additionals: [], truncated: true });
  }
  return short;
}

function replyTo(query: DecodedPacket, reply: Reply): Uint8Array {
  const edns = udpSize(query) > 0;
  const flags =
    (query.flag_rd ? RECURSION_DESIRED : 0) |
    RECURSION_AVAILABLE |
    (reply.authoritative ? AUTHORITATIVE_ANSWER : 0) |
    (reply.truncated ? TRUNCATED_RESPONSE : 0) |
    rcodes[reply.rcode];
  return encodeReply({
    type: 'response',
    id: query.id,
    flags,
    questions: query.questions ?? [],
    answers: reply.answers ?? [],
    authorities: reply.authority ?? [],
    additionals: [...(reply.additionals ?? []), ...(edns ? [ednsRecord] : [])],
  });
}

const ednsRecord: Answer = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: 1232,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

/** The size of reply that an EDNS0 query allows over UDP; 0 without EDNS0. */
function udpSize(query: DecodedPacket): number {
  const option = query.additionals?.find((record) => record.type === 'OPT');
  return option?.type === 'OPT' ? Math.min(option.udpPayloadSize, 4096) : 0;
}

/** Tells how long an absence may be kept (RFC 2308). */
function startOfAuthority(zone: string): Answer {
  const data = {
    mname: `ns.dns.${zone}`,
    rname: `hostmaster.${zone}`,
    serial: 1,
    refresh: 7200,
    retry: 1800,
    expire: 86400,
    minimum: ttl,
  };
  return { type: 'SOA', name: zone, ttl, data };
}

/** Addresses in another order each time, so that clients spread over them. */
function shuffle(answers: Answer[], random: Random): Answer[] {
  const mixed = [...answers];
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = randomInt(random, at + 1);
    [mixed[at], mixed[other]] = [mixed[other] as Answer, mixed[at] as Answer]; // both lie within the list
  }
  return mixed;
}
