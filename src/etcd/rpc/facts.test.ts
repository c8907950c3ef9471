/**
 * The messages and services against the facts of etcd 3.6, where the folder of facts stands beside the checkout
 * (`../shared/kubernetes/protocols/etcd-v3.6.json`): every field that the facts have, by its name, number and type.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import type { Message, ServiceData } from '#wire';
import * as rpc from './index.ts';
import * as services from './services.ts';

interface FieldFacts {
  type: string;
  id: number;
  rule?: 'repeated';
}

interface Facts {
  fields?: Record<string, FieldFacts>;
  values?: Record<string, number>;
  methods?: Record<string, MethodFacts>;
  nested?: Record<string, Facts>;
}

interface MethodFacts {
  requestType: string;
  responseType: string;
  requestStream?: boolean;
  responseStream?: boolean;
}

const file = fileURLToPath(new URL('../../../../shared/kubernetes/protocols/etcd-v3.6.json', import.meta.url));
const isThere = existsSync(file);
/** They stand beside a checkout, or do not: where they do not, there is nothing to compare with. */
const compare = (name: string, check: () => void): void => void (isThere && test(name, check));
if (!isThere) console.log(`no facts at ${file}: nothing is compared with them`);
const facts: Facts = isThere ? (JSON.parse(readFileSync(file, 'utf8')) as Facts) : {};
const packages = Object.values(facts.nested ?? {});
const all = (): [string, Facts][] => packages.flatMap(({ nested = {} }) => Object.entries(nested));

const exported: readonly unknown[] = Object.values(rpc);
const messages = exported.filter((value): value is Message => typeof value === 'function');
/** Of etcd's members among themselves. */
const notForClients = /^(LeaseCheckpoint|DowngradeVersionTest)/;
/** `RequestOpFields` declares the message RequestOp, which refers to itself. */
const declared = new Map(messages.map((message) => [message.name.replace(/Fields$/, ''), message]));

/** The facts write `ID` and `TTL` in capitals, and `cluster_id` and `clientURLs` as they are. */
const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();

function typeOf(message: Message, name: string): string | undefined {
  const field = message.fields[name];
  if (!field) return undefined;
  const { type } = field;
  if (type.kind === 'message') return type.message().name.replace(/Fields$/, '');
  return type.kind;
}

compare('every message has the fields of etcd, with their numbers and types', () => {
  const wrong: string[] = [];
  for (const [name, { fields }] of all()) {
    const message = declared.get(name);
    if (!fields || notForClients.test(name)) continue;
    if (!message) {
      wrong.push(`${name} is missing`);
      continue;
    }
    for (const [field, { type, id, rule }] of Object.entries(fields)) {
      const ours = Object.keys(message.fields).find((key) => plain(key) === plain(field));
      const data = ours === undefined ? undefined : message.fields[ours];
      const kind = type.split('.').at(-1) ?? '';
      const told = ours === undefined ? undefined : typeOf(message, ours);
      const isSameType = told === kind || told === 'enum';
      if (data?.number !== id || !isSameType || (data.label === 'list') !== (rule === 'repeated'))
        wrong.push(`${name}.${field}: ${rule ?? ''} ${type} = ${id}, not ${data?.label} ${told} = ${data?.number}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(declared.size > 90, `${declared.size} messages`);
});

compare('every method of every service is there', () => {
  const ours = new Map(Object.values(services).map((service: ServiceData) => [service.name, service]));
  const wrong: string[] = [];
  for (const [name, { methods }] of all()) {
    const service = ours.get(`etcdserverpb.${name}`);
    for (const [method, fact] of Object.entries(methods ?? {})) {
      const data = Object.values(service?.methods ?? {}).find((one) => one.name === method);
      const told = data && [data.request.name, data.response.name, data.requestStream, data.responseStream].join(' ');
      const { requestType, responseType, requestStream = false, responseStream = false } = fact;
      const expected = [requestType, responseType, requestStream, responseStream].join(' ');
      if (told?.replaceAll('Fields', '') !== expected) wrong.push(`${name}.${method}: ${expected}, not ${told}`);
    }
  }
  assert.deepEqual(wrong, []);
});

compare('every enum has its names and numbers', () => {
  const enums = new Map<string, Readonly<Record<string, number>>>();
  for (const value of Object.values(rpc))
    if ('numbers' in value) enums.set(Object.keys(value.numbers).join(), value.numbers);
  const wrong: string[] = [];
  const visit = (name: string, { values, nested = {} }: Facts): void => {
    const told = values && enums.get(Object.keys(values).join());
    if (values && JSON.stringify(told) !== JSON.stringify(values)) wrong.push(`${name}: ${JSON.stringify(values)}`);
    for (const [inner, more] of Object.entries(nested)) visit(`${name}.${inner}`, more);
  };
  for (const [name, more] of all()) if (!name.startsWith('Downgrade') || name === 'DowngradeRequest') visit(name, more);
  assert.deepEqual(wrong, []);
});
