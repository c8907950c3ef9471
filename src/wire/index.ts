/**
 * The protocols below the API.
 *
 * - `protobuf/`: messages declared once as plain data, from which static types, codec and defaults follow.
 * - `x509/`: certificate authorities, certificates, signing requests; P-256 throughout.
 * - `grpc/`: services declared likewise; servers and clients of them over unix sockets and TLS.
 */
export {
  bigInt64,
  bigUint64,
  bool,
  bytes,
  double,
  enumeration,
  float,
  int32,
  int64,
  list,
  listOfNames,
  map,
  message,
  nested,
  oneOf,
  optional,
  string,
  uint32,
  uint64,
} from './protobuf/fields.ts';
export { decode } from './protobuf/decode.ts';
export { encode } from './protobuf/encode.ts';
export type { Enum, EnumOf, Infer, Init, Message } from './protobuf/types.ts';
export {
  bidi,
  serverStream,
  service,
  unary,
  type Bidi,
  type MethodData,
  type ServerStream,
  type ServiceData,
  type ServiceOf,
  type Unary,
} from './grpc/service.ts';
export { isRpcError, rpcCodes, RpcError, type RpcCode } from './grpc/rpc-error.ts';
export {
  createCa,
  issueCertificate,
  type CertificateRequest,
  type KeyUsage,
  type Subject,
  type Validity,
} from './x509/issue.ts';
export { createCsr, parseCsr, signCsr, type ParsedCsr } from './x509/csr.ts';
export { parseCertificate, splitPem, type ParsedCertificate } from './x509/parse.ts';
export type { KeyPair } from './x509/keys.ts';
