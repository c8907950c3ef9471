/**
 * The protocols below the API.
 *
 * - `protobuf/`: messages declared once as plain data, from which static types, codec and defaults follow.
 * - `x509/`: certificate authorities, certificates, signing requests; P-256 throughout.
 * - `spdy/`: the protocol that Kubernetes still speaks where HTTP/1.1 is upgraded.
 * - `streams/`: exec, attach and port-forward over WebSocket and SPDY, both ends, and the proxy between them.
 * - `http2/`: the server's half of HTTP/2, with the compression of headers; under the API and gRPC.
 * - `grpc/`: services declared likewise; servers and clients of them over unix sockets and TLS.
 *
 * A server gets an Upgrade request: `acceptRemoteCommand` and `acceptPortForward` make streams of it, `sendStream` sends
 * one over it, `proxyUpgrade` hands it on to someone else who does. Peers may vanish or send garbage at any time: streams then end, and nothing is thrown
 * where nobody listens.
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
export { maxHeaderBytes } from './max-header-bytes.ts';
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
export {
  acceptRemoteCommand,
  type RemoteCommandOptions,
  type RemoteStreams,
  type StatusLike,
} from './streams/remote-command.ts';
export { acceptPortForward, type ForwardedPort, type PortForwardOptions } from './streams/port-forward.ts';
export { proxyUpgrade, type ProxyTarget } from './streams/proxy-upgrade.ts';
export { sendStream } from './streams/send-stream.ts';
export { isWebSocketRequest, refuseUpgrade, UpgradeError } from './streams/upgrade.ts';
export { dialRemoteCommand, type DialRemoteCommand, type RemoteCommand } from './streams/dial-remote-command.ts';
export { dialPortForward, type PortForward } from './streams/dial-port-forward.ts';
export type { DialTarget } from './streams/dial.ts';
export type { TerminalSize } from './streams/terminal-size.ts';
export { ServerConnection as Http2ServerConnection } from './http2/server-connection.ts';
export type { ServerStream as Http2ServerStream } from './http2/server-stream.ts';
export { joinPieces, partOf, pieceOf, type Piece, type TextPiece } from './http2/piece.ts';
export { encodeHeaders as encodeHttp2Headers } from './http2/hpack-encoder.ts';
export { GrpcChannel, type CallOptions, type GrpcTarget } from './grpc/client.ts';
export { GrpcServer, serveGrpc, type GrpcServerOptions } from './grpc/server.ts';
export { EncodedMessages } from './grpc/frames.ts';
export { handle, implement, type HandlersOf, type Implementation } from './grpc/handlers.ts';
export type { CallContext } from './grpc/server-call.ts';
export type { HttpAnswer, HttpHandler } from './grpc/http-handler.ts';
export type { ListenAddress, ServerTls } from './grpc/listener.ts';
export { checkHealth, HealthCheckRequest, HealthCheckResponse, healthService, ServingStatus } from './grpc/health.ts';
