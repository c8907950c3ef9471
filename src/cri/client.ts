import { GrpcChannel } from '#wire';
import { imageService, runtimeService, type ImageService, type RuntimeService } from './services.ts';

export interface CriClient extends RuntimeService, ImageService {
  /** Fails the calls that are not over. */
  close(): Promise<void>;
}

/**
 * The runtime behind a unix socket (`/run/…` or `unix:///run/…`). Connects at the first call, and again when the runtime
 * was restarted; until it is there, calls throw a `CriError` with code `Unavailable`.
 */
export function criClient(socketPath: string): CriClient {
  const channel = new GrpcChannel({ address: `unix:${socketPath.replace(/^unix:(\/\/)?/, '')}` });
  return { ...channel.of(runtimeService), ...channel.of(imageService), close: () => channel.close() };
}
