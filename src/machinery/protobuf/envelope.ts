import { badRequest } from '../status.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** What an object in protobuf is, which its own bytes do not say. */
export interface KubeEnvelope {
  apiVersion: string;
  kind: string;
  raw: Uint8Array;
}

const magic = Buffer.from('k8s\0');

/** Whether bytes begin as Kubernetes' protobuf does. */
export function isKube(bytes: Uint8Array): boolean {
  return magic.equals(bytes.subarray(0, magic.length));
}

/** Wraps the bytes of `encodeProtobuf` as `application/vnd.kubernetes.protobuf`: a magic number and a `runtime.Unknown`. */
export function encodeKube(type: { apiVersion: string; kind: string }, raw: Uint8Array): Uint8Array {
  const [before, behind] = kubeEnvelope(type, raw.length);
  return Buffer.concat([before, raw, behind]);
}

/** What stands before and behind `length` bytes of content, for who does not have them in one piece. */
export function kubeEnvelope(
  { apiVersion, kind }: { apiVersion: string; kind: string },
  length: number,
): [before: Uint8Array, behind: Uint8Array] {
  const before = new Writer(apiVersion.length * 3 + kind.length * 3 + 64);
  // Backwards: the head of raw, typeMeta.
  before.unsigned(length);
  before.tag(2, 2);
  const metaMark = before.written;
  before.field(2, kind);
  before.field(1, apiVersion);
  before.close(1, metaMark);
  before.bytes(magic);
  return [before.take(), noContent];
}

/** `contentEncoding` and `contentType`, which Go writes also where they are empty. */
const noContent = Uint8Array.of(0x1a, 0, 0x22, 0);

/** Takes the envelope off. Throws StatusError (BadRequest) for bytes that are none. */
export function decodeKube(bytes: Uint8Array): KubeEnvelope {
  if (!isKube(bytes)) {
    throw badRequest('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  }
  if (bytes.length === magic.length) throw badRequest('empty body');
  const reader = new Reader(bytes.subarray(magic.length));
  const envelope: KubeEnvelope = { apiVersion: '', kind: '', raw: new Uint8Array() };
  while (reader.next()) {
    const { number, wireType } = reader;
    if (number === 1 && wireType === 2) readTypeMeta(reader, envelope);
    else if (number === 2 && wireType === 2) envelope.raw = reader.bytes();
    else reader.skip();
  }
  return envelope;
}

function readTypeMeta(reader: Reader, envelope: KubeEnvelope): void {
  const outerEnd = reader.open();
  while (reader.next()) {
    const { number, wireType } = reader;
    if (number === 1 && wireType === 2) envelope.apiVersion = reader.text();
    else if (number === 2 && wireType === 2) envelope.kind = reader.text();
    else reader.skip();
  }
  reader.close(outerEnd);
}
