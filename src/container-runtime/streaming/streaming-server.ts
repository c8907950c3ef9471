import type { AttachRequest, ExecRequest, PortForwardRequest } from '#cri';
import type { Context } from '../context.ts';
export class StreamingServer {
  port = 0;
  constructor(_context: Context) {}
  async listen(): Promise<void> {}
  async close(): Promise<void> {}
  exec(_r: ExecRequest): string {
    return '';
  }
  attach(_r: AttachRequest): string {
    return '';
  }
  portForward(_r: PortForwardRequest): string {
    return '';
  }
}
