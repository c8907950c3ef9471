import type { PullImageRequest } from '#cri';
import type { Context } from '../context.ts';
export async function pullImage(_context: Context, _request: PullImageRequest, _signal?: AbortSignal): Promise<string> {
  throw new Error('todo');
}
