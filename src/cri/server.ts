import { implement, serveGrpc } from '#wire';
import type { Clock, Logger } from '#base';
import { imageService, runtimeService, type ImageService, type RuntimeService } from './services.ts';

export interface ServeCriOptions {
  socketPath: string;
  runtime: RuntimeService;
  images: ImageService;
  clock?: Clock;
  log?: Logger;
}

/** Puts a runtime behind a unix socket, in place of whatever is at the path. Throws when the socket cannot be made. */
export async function serveCri(options: ServeCriOptions): Promise<{ close(): Promise<void> }> {
  const { socketPath, runtime, images, clock, log } = options;
  return serveGrpc({
    listen: { socketPath },
    services: [implement(runtimeService, runtime), implement(imageService, images)],
    ...(clock && { clock }),
    ...(log && { log }),
  });
}
