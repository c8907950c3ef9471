import { bool, int32, int64, list, message, pointer, required, string, time } from '#machinery';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class PodLogOptions extends message('PodLogOptions.', {
  ...typeMeta,
  container: string(1, 'The container.'),
  follow: bool(2, 'The follow.'),
  previous: bool(3, 'The previous.'),
  sinceSeconds: pointer(int64(4, 'The since seconds.')),
  sinceTime: pointer(time(5, 'The since time.')),
  timestamps: bool(6, 'The timestamps.'),
  tailLines: pointer(int64(7, 'The tail lines.')),
  limitBytes: pointer(int64(8, 'The limit bytes.')),
  insecureSkipTLSVerifyBackend: bool(9, 'The insecure skip tlsverify backend.'),
  stream: pointer(string(10, 'The stream.')),
}) {}

export class PodExecOptions extends message('PodExecOptions.', {
  ...typeMeta,
  stdin: bool(1, 'The stdin.'),
  stdout: bool(2, 'The stdout.'),
  stderr: bool(3, 'The stderr.'),
  tty: bool(4, 'The tty.'),
  container: string(5, 'The container.'),
  command: required(list(6, 'The command.', string(0, ''))),
}) {}

export class PodAttachOptions extends message('PodAttachOptions.', {
  ...typeMeta,
  stdin: bool(1, 'The stdin.'),
  stdout: bool(2, 'The stdout.'),
  stderr: bool(3, 'The stderr.'),
  tty: bool(4, 'The tty.'),
  container: string(5, 'The container.'),
}) {}

export class PodPortForwardOptions extends message('PodPortForwardOptions.', {
  ...typeMeta,
  ports: list(1, 'The ports.', int32(0, '')),
}) {}

export class PodProxyOptions extends message('PodProxyOptions.', {
  ...typeMeta,
  path: string(1, 'The path.'),
}) {}

export class NodeProxyOptions extends message('NodeProxyOptions.', {
  ...typeMeta,
  path: string(1, 'The path.'),
}) {}

export class ServiceProxyOptions extends message('ServiceProxyOptions.', {
  ...typeMeta,
  path: string(1, 'The path.'),
}) {}
