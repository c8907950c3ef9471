import { bool, bytes, int32, int64, list, message, string } from '#wire';

// Commands in containers, and the streams that lead to them.

/** Asks to run a command in a container and wait for it. */
export class ExecSyncRequest extends message({
  containerId: string(1),
  cmd: list(2, string),
  /** Seconds; 0 waits without end. */
  timeout: int64(3),
}) {}

/** What the command wrote, and how it ended. */
export class ExecSyncResponse extends message({
  stdout: bytes(1),
  stderr: bytes(2),
  exitCode: int32(3),
}) {}

/** Asks for a stream to a command. */
export class ExecRequest extends message({
  containerId: string(1),
  cmd: list(2, string),
  tty: bool(3),
  stdin: bool(4),
  stdout: bool(5),
  stderr: bool(6),
}) {}

/** Where the stream is served. */
export class ExecResponse extends message({
  url: string(1),
}) {}

/** Asks for a stream to the first process of a container. */
export class AttachRequest extends message({
  containerId: string(1),
  stdin: bool(2),
  tty: bool(3),
  stdout: bool(4),
  stderr: bool(5),
}) {}

/** Where the stream is served. */
export class AttachResponse extends message({
  url: string(1),
}) {}

/** Asks for streams to ports of a sandbox. */
export class PortForwardRequest extends message({
  podSandboxId: string(1),
  port: list(2, int32),
}) {}

/** Where the streams are served. */
export class PortForwardResponse extends message({
  url: string(1),
}) {}
