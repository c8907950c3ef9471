import { createHash } from 'node:crypto';
import { compareText } from '#base';
import { isDns1123Subdomain } from '#machinery';
import { bytes, decode, encode, int32, map, message, string } from '#wire';
import { aggregate } from '../prefix-transformers.ts';

/** What the plugin seals: the key of a value itself, or a seed from which the key of each value is derived. */
export const sourceTypes = { aesGcmKey: 0, hkdfSeed: 1 } as const;

/** A sealed value, with all that a plugin needs to open the key of it (`encrypt/envelope/kmsv2/v2/api.proto`). */
export class EncryptedObject extends message({
  encryptedData: bytes(1),
  keyId: string(2),
  encryptedDekSource: bytes(3),
  annotations: map(4, bytes),
  encryptedDekSourceType: int32(5),
}) {}

/** The part of it that is the same for all values of one key. */
export type SealedKey = Omit<EncryptedObject, 'encryptedData'>;

const maxKeyIdBytes = 1024;
const maxSourceBytes = 1024;
const maxAnnotationsBytes = 32 * 1024;

/** Throws on what is no sealed value, in upstream's words (`kmsv2/envelope.go`). */
export function decodeEncryptedObject(data: Uint8Array): EncryptedObject {
  const object = parsed(data);
  checkSealedKey(object);
  if (object.encryptedData.length === 0) throw new Error('encrypted data is empty');
  return object;
}

/** Fails in the words of Go's protobuf. */
function parsed(data: Uint8Array): EncryptedObject {
  try {
    return decode(EncryptedObject, data);
  } catch (error) {
    throw new Error('proto: cannot parse invalid wire-format data', { cause: error });
  }
}

export function encodeEncryptedObject(object: EncryptedObject): Buffer {
  return Buffer.from(encode(EncryptedObject, object));
}

/** Throws when a plugin answered with what must not be stored. */
export function checkSealedKey({ encryptedDekSourceType, encryptedDekSource, keyId, annotations }: SealedKey): void {
  if (!Object.values<number>(sourceTypes).includes(encryptedDekSourceType)) {
    throw new Error(`unknown encryptedDEKSourceType: ${encryptedDekSourceType}`);
  }
  const source = problemOfSize('encrypted DEK source', encryptedDekSource.length, maxSourceBytes);
  if (source !== undefined) throw new Error(`failed to validate encrypted DEK source: ${source}`);
  const key = problemOfKeyId(keyId);
  if (key !== undefined) throw new Error(`failed to validate key id: ${key}`);
  const told = problemsOfAnnotations(annotations);
  if (told.length > 0) throw new Error(`failed to validate annotations: ${aggregate(told)}`);
}

/** What is wrong with the id of a key. */
export function problemOfKeyId(keyId: string): string | undefined {
  return problemOfSize('keyID', Buffer.byteLength(keyId), maxKeyIdBytes);
}

function problemOfSize(what: string, size: number, max: number): string | undefined {
  if (size === 0) return `${what} is empty`;
  return size > max ? `${what} is ${size} bytes, which exceeds the max size of ${max}` : undefined;
}

function problemsOfAnnotations(annotations: Readonly<Record<string, Uint8Array>>): string[] {
  const told: string[] = [];
  let size = 0;
  for (const [name, value] of Object.entries(annotations)) {
    told.push(...problemsOfDomain(name));
    size += Buffer.byteLength(name) + value.length;
  }
  if (size > maxAnnotationsBytes) {
    told.push(`total size of annotations is ${size}, which exceeds the max size of ${maxAnnotationsBytes}`);
  }
  return told;
}

/** `validation.IsFullyQualifiedDomainName`. */
function problemsOfDomain(name: string): string[] {
  if (name === '') return ['annotations: Required value'];
  const domain = name.endsWith('.') ? name.slice(0, -1) : name;
  const problems = [...isDns1123Subdomain(domain)];
  if (problems.length === 0 && !domain.includes('.')) {
    problems.push('should be a domain with at least two segments separated by dots');
  }
  return problems.map((problem) => `annotations: Invalid value: ${JSON.stringify(name)}: ${problem}`);
}

/** Tells one sealed key from any other. */
export function sealedKeyHash({ encryptedDekSourceType, encryptedDekSource, keyId, annotations }: SealedKey): string {
  const named = Object.entries(annotations).sort(([a], [b]) => compareText(a, b));
  const parts = [
    encryptedDekSource,
    Buffer.from(keyId),
    ...named.flatMap(([name, value]) => [Buffer.from(name), value]),
  ];
  const hash = createHash('sha256').update(`${encryptedDekSourceType}`);
  for (const part of parts) hash.update(`:${part.length}:`).update(part);
  return hash.digest('latin1');
}

/** How the id of a key is told, which may be a secret: by its hash. */
export function hashOfKeyId(keyId: string): string {
  return keyId === '' ? '' : `sha256:${createHash('sha256').update(keyId).digest('hex')}`;
}
