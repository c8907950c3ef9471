import type * as grpc from '@grpc/grpc-js';
import { encode } from '../protobuf/encode.ts';
import type { Message } from '../protobuf/types.ts';
import { isRpcError, rpcCodes, RpcError, type RpcCode } from './rpc-error.ts';

/** `@grpc/grpc-js` takes 50 ms to load; a process that calls nothing over gRPC does not pay for it. */
export type Library = typeof grpc;

let loading: Promise<Library> | undefined;

export function library(): Promise<Library> {
  loading ??= import('./grpc-js.ts').then(({ grpc }) => grpc);
  return loading;
}

/** Kubelets take 16 MiB from a runtime, where gRPC's default is 4: listings of a full node are long. */
export const defaultMaxMessageLength = 16 * 1024 * 1024;

const names = new Map<number, RpcCode>();
for (const name of Object.keys(rpcCodes) as RpcCode[]) names.set(rpcCodes[name], name);

/** What grpc-js raises, as an `RpcError`. A call that its own signal ended tells that signal's reason. */
export function toRpcError(error: unknown, signal?: AbortSignal): RpcError {
  if (isRpcError(error)) return error;
  if (signal?.aborted) {
    const late = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
    return late
      ? new RpcError('DeadlineExceeded', 'context deadline exceeded', { cause: error })
      : new RpcError('Canceled', 'context canceled', { cause: error });
  }
  const { code, details, message } = (error ?? {}) as Partial<grpc.ServiceError>;
  return new RpcError(names.get(Number(code)) ?? 'Unknown', details ?? message ?? String(error), { cause: error });
}

/** The bytes of a message, in the class that grpc-js wants. */
export function serialize(message: Message, value: unknown): Buffer {
  const bytes = encode(message, value);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
