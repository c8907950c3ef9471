import { inlined, int32, int64, intOrString, list, message, of, oneOf, pointer, required, string } from '#machinery';
import { signals } from './signals.ts';

export class HTTPHeader extends message("A header of a probe's request.", {
  name: required(string(1, "The header's name.", { minLength: 0 })),
  value: required(string(2, "The header's value.", { minLength: 0 })),
}) {}

export class HTTPGetAction extends message('A GET request; any answer from 200 to 399 is success.', {
  path: string(1, 'The path that is asked for.'),
  port: required(intOrString(2, 'The port, by number or by the name of a container port.')),
  host: string(3, "The host that is asked; the pod's IP by default."),
  scheme: oneOf(4, 'HTTP or HTTPS. Certificates are not verified.', ['HTTP', 'HTTPS']),
  httpHeaders: list(5, 'Headers that go with the request.', HTTPHeader),
}) {}

export class TCPSocketAction extends message('A TCP connection; that it opens is success.', {
  port: required(intOrString(1, 'The port, by number or by the name of a container port.')),
  host: string(2, "The host that is dialled; the pod's IP by default."),
}) {}

export class GRPCAction extends message('A call of the gRPC health service.', {
  port: required(int32(1, 'The port of the gRPC server.')),
  service: pointer(
    string(2, 'The service whose health is asked for; empty for the server as a whole.', {
      default: '',
      emitEmpty: true,
    }),
  ),
}) {}

export class ExecAction extends message('A command that runs inside the container; exit code 0 is success.', {
  command: list(1, 'The command and its arguments. No shell is around it.', string(0, '')),
}) {}

export class SleepAction extends message('A pause.', {
  seconds: required(int64(1, 'How long.')),
}) {}

export class ProbeHandler extends message('What a probe does; exactly one of these.', {
  exec: pointer(of(1, 'Runs a command in the container.', ExecAction)),
  httpGet: pointer(of(2, 'Sends an HTTP request.', HTTPGetAction)),
  tcpSocket: pointer(of(3, 'Opens a TCP connection.', TCPSocketAction)),
  grpc: pointer(of(4, 'Asks the gRPC health service.', GRPCAction)),
}) {}

export class Probe extends message('How the kubelet finds out how a container does.', {
  ...inlined(1, ProbeHandler),
  initialDelaySeconds: int32(2, "How long after the container's start the first try is made.", { minimum: 0 }),
  timeoutSeconds: int32(3, 'How long a try may take; 1 by default.', { minimum: 0 }),
  periodSeconds: int32(4, 'The time between two tries; 10 by default.', { minimum: 0 }),
  successThreshold: int32(5, 'How many successes in a row turn failure into success; 1 by default.', { minimum: 0 }),
  failureThreshold: int32(6, 'How many failures in a row turn success into failure; 3 by default.', { minimum: 0 }),
  terminationGracePeriodSeconds: pointer(
    int64(7, "How long the container gets to stop when this probe fails; the pod's grace period by default."),
  ),
}) {}

export class LifecycleHandler extends message("What is done at a turn of a container's life; exactly one of these.", {
  exec: pointer(of(1, 'Runs a command in the container.', ExecAction)),
  httpGet: pointer(of(2, 'Sends an HTTP request.', HTTPGetAction)),
  tcpSocket: pointer(of(3, 'Does nothing; kept for old manifests.', TCPSocketAction)),
  sleep: pointer(of(4, 'Waits.', SleepAction)),
}) {}

export class Lifecycle extends message("What is done after a container's start and before its end.", {
  postStart: pointer(
    of(
      1,
      'Right after the container was created. The container does not count as running before it is done; failure kills it.',
      LifecycleHandler,
    ),
  ),
  preStop: pointer(of(2, 'Before the container is told to stop. The grace period runs meanwhile.', LifecycleHandler)),
  stopSignal: pointer(oneOf(3, "The signal that stops the container; the image's own by default.", signals)),
}) {}
