/**
 * Upstream's golden objects, in which every field is set: what Kubernetes writes in JSON and in protobuf, we read from
 * either, and write again as it was.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { decode, decodeKube, decodeProtobuf, encodeKube, encodeProtobuf, type Message } from '#machinery';
import { packages } from './index.ts';

const folder = fileURLToPath(new URL('../../../shared/kubernetes/golden', import.meta.url));
const isThere = existsSync(folder);
/** These stand beside a checkout, or do not: where they do not, there is nothing to compare with, and that is no fault of the machine. */
const compare = (name: string, check: () => void): void => void (isThere && test(name, check));
if (!isThere) console.log(`no golden objects at ${folder}: nothing is compared with them`);

/** `apps.v1.Deployment`; upstream writes the options and Status of meta/v1 as kinds of every group. */
function messageOf(file: string): Message | undefined {
  const [group, version, kind] = file.split('.');
  const places = [`io.k8s.api.${group}.${version}`, 'io.k8s.apimachinery.pkg.apis.meta.v1'];
  return packages
    .filter(({ name }) => places.includes(name))
    .flatMap(({ messages }) => messages)
    .find(({ name }) => name === kind);
}

function goldenNames(): string[] {
  return readdirSync(folder).flatMap((file) => /^(.*)\.json$/.exec(file)?.[1] ?? []);
}

function assertKept(name: string, message: Message): void {
  const json: unknown = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8'));
  const bytes = readFileSync(`${folder}/${name}.pb`);
  const { object, unknownFields } = decode(message, json);
  assert.deepEqual(unknownFields, [], name);
  assert.deepEqual(object, json, name);
  const envelope = decodeKube(bytes);
  const { apiVersion, kind, raw } = envelope;
  const typeMeta = kind === '' ? {} : { apiVersion, kind };
  assert.deepEqual({ ...Object(decodeProtobuf(message, raw)), ...typeMeta }, json, name);
  assert.ok(Buffer.from(encodeKube(envelope, encodeProtobuf(message, object))).equals(bytes), `${name} in protobuf`);
}

compare('golden objects keep every field, in JSON and in protobuf', () => {
  const served = goldenNames().flatMap((name) => {
    const message = messageOf(name);
    return message ? [{ name, message }] : [];
  });
  assert.ok(served.length > 20);
  for (const { name, message } of served) assertKept(name, message);
});
