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
export function encodeKube({ apiVersion, kind }: { apiVersion: string; kind: string }, raw: Uint8Array): Uint8Array {
  const head = new Writer(apiVersion.length * 3 + kind.length * 3 + raw.length + 64);
  // Backwards: contentType, contentEncoding, raw, typeMeta.
  head.field(4, '');
  head.field(3, '');
  const mark = head.written;
  head.bytes(raw);
  head.close(2, mark);
  const metaMark = head.written;
  head.field(2, kind);
  head.field(1, apiVersion);
  head.close(1, metaMark);
  head.bytes(magic);
  return head.take();
}

/** Takes the envelope off. Throws StatusError (BadRequest) for bytes that are none. */
export function decodeKube(bytes: Uint8Array): KubeEnvelope {
  if (!isKube(bytes)) {
    throw badRequest('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  }
  const reader = new Reader(bytes.subarray(magic.length));
  const envelope: KubeEnvelope = { apiVersion: '', kind: '', raw: new Uint8Array() };
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (number === 1 && wireType === 2) reader.nested(() => readTypeMeta(reader, envelope));
    else if (number === 2 && wireType === 2) envelope.raw = reader.bytes();
    else reader.skip(wireType);
  }
  return envelope;
}

function readTypeMeta(reader: Reader, envelope: KubeEnvelope): void {
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (number === 1 && wireType === 2) envelope.apiVersion = reader.text();
    else if (number === 2 && wireType === 2) envelope.kind = reader.text();
    else reader.skip(wireType);
  }
}
