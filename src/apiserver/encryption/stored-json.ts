import { isKube, type KubeObject } from '#machinery';
import { decodeBodyProtobuf } from '../encoding/protobuf.ts';
import { encodeValue } from '../watch-cache/index.ts';

/**
 * A value in the form that this server keeps. kube-apiserver keeps most kinds in protobuf; it reads both, and so do we.
 * Throws StatusError (BadRequest) for what is no object.
 */
export function storedJson(value: Buffer): Buffer {
  return isKube(value) ? Buffer.from(encodeValue(decodeBodyProtobuf(value) as KubeObject)) : value;
}
