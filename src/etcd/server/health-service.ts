import { RpcError, type healthService, type HandlersOf, type CallContext } from '#wire';

type Status = { status: 'SERVING' | 'SERVICE_UNKNOWN' };

/** The health of the server as a whole, as etcd serves it: whoever gets an answer gets a good one. */
export const healthHandlers: HandlersOf<typeof healthService> = {
  async check({ service }): Promise<Status> {
    if (service !== '') throw new RpcError('NotFound', 'unknown service');
    return { status: 'SERVING' };
  },

  async *watch({ service }, call: CallContext): AsyncGenerator<Status> {
    yield { status: service === '' ? 'SERVING' : 'SERVICE_UNKNOWN' };
    await new Promise<void>((resolve) => call.signal.addEventListener('abort', () => resolve(), { once: true }));
  },
};
