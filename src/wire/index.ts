/**
 * The protocols below the API.
 *
 * - `protobuf/`: messages declared once as plain data, from which static types, codec and defaults follow.
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
