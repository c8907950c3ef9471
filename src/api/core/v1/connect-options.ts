import { bool, int32, int64, list, message, pointer, required, string, time } from '#machinery';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class PodLogOptions extends message('What is wanted of a log.', {
  ...typeMeta,
  container: string(1, 'Which container; needed where there are several.'),
  follow: bool(2, 'Whether to stay for what comes.'),
  previous: bool(3, "Whether the log of the container's last life is meant."),
  sinceSeconds: pointer(int64(4, 'Only what is younger than this.')),
  sinceTime: pointer(time(5, 'Only what came later than this.')),
  timestamps: bool(6, 'Whether each line begins with its time.'),
  tailLines: pointer(int64(7, 'How many lines from the end.')),
  limitBytes: pointer(int64(8, 'How many bytes at most.')),
  insecureSkipTLSVerifyBackend: bool(9, "Whether the kubelet's certificate is not verified."),
  stream: pointer(string(10, 'Which stream: `All`, `Stdout`, `Stderr`.')),
}) {}

export class PodExecOptions extends message('How a command runs in a container.', {
  ...typeMeta,
  stdin: bool(1, 'Whether standard input is passed on.'),
  stdout: bool(2, 'Whether standard output comes back.'),
  stderr: bool(3, 'Whether standard error comes back.'),
  tty: bool(4, 'Whether it runs on a terminal.'),
  container: string(5, 'Which container; the only one by default.'),
  command: required(list(6, 'The command and its arguments. No shell is around it.', string(0, ''))),
}) {}

export class PodAttachOptions extends message("How to attach to a container's first process.", {
  ...typeMeta,
  stdin: bool(1, 'Whether standard input is passed on.'),
  stdout: bool(2, 'Whether standard output comes back.'),
  stderr: bool(3, 'Whether standard error comes back.'),
  tty: bool(4, 'Whether it runs on a terminal.'),
  container: string(5, 'Which container; the only one by default.'),
}) {}

export class PodPortForwardOptions extends message('Which ports are forwarded.', {
  ...typeMeta,
  ports: list(1, 'The ports of the pod, over WebSocket.', int32(0, '')),
}) {}

export class PodProxyOptions extends message('Where a request goes that the API server passes on to a pod.', {
  ...typeMeta,
  path: string(1, 'The path on the pod.'),
}) {}

export class NodeProxyOptions extends message('Where a request goes that the API server passes on to a kubelet.', {
  ...typeMeta,
  path: string(1, 'The path on the kubelet.'),
}) {}

export class ServiceProxyOptions extends message('Where a request goes that the API server passes on to a Service.', {
  ...typeMeta,
  path: string(1, "The path on the Service's endpoint."),
}) {}
