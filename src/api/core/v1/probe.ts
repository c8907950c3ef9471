import { inlined, int32, int64, intOrString, list, message, of, oneOf, pointer, required, string } from '#machinery';
import { signals } from './signals.ts';

export class HTTPHeader extends message('HTTPHeader.', {
  name: required(string(1, 'The name.')),
  value: required(string(2, 'The value.', { minLength: 0 })),
}) {}

export class HTTPGetAction extends message('HTTPGetAction.', {
  path: string(1, 'The path.'),
  port: required(intOrString(2, 'The port.')),
  host: string(3, 'The host.'),
  scheme: oneOf(4, 'The scheme.', ['HTTP', 'HTTPS']),
  httpHeaders: list(5, 'The http headers.', HTTPHeader),
}) {}

export class TCPSocketAction extends message('TCPSocketAction.', {
  port: required(intOrString(1, 'The port.')),
  host: string(2, 'The host.'),
}) {}

export class GRPCAction extends message('GRPCAction.', {
  port: required(int32(1, 'The port.')),
  service: pointer(string(2, 'The service.', { default: '', emitEmpty: true })),
}) {}

export class ExecAction extends message('ExecAction.', {
  command: list(1, 'The command.', string(0, '')),
}) {}

export class SleepAction extends message('SleepAction.', {
  seconds: required(int64(1, 'The seconds.')),
}) {}

export class ProbeHandler extends message('ProbeHandler.', {
  exec: pointer(of(1, 'The exec.', ExecAction)),
  httpGet: pointer(of(2, 'The http get.', HTTPGetAction)),
  tcpSocket: pointer(of(3, 'The tcp socket.', TCPSocketAction)),
  grpc: pointer(of(4, 'The grpc.', GRPCAction)),
}) {}

export class Probe extends message('Probe.', {
  ...inlined(1, ProbeHandler),
  initialDelaySeconds: int32(2, 'The initial delay seconds.', { minimum: 0 }),
  timeoutSeconds: int32(3, 'The timeout seconds.', { minimum: 0 }),
  periodSeconds: int32(4, 'The period seconds.', { minimum: 0 }),
  successThreshold: int32(5, 'The success threshold.', { minimum: 0 }),
  failureThreshold: int32(6, 'The failure threshold.', { minimum: 0 }),
  terminationGracePeriodSeconds: pointer(int64(7, 'The termination grace period seconds.')),
}) {}

export class LifecycleHandler extends message('LifecycleHandler.', {
  exec: pointer(of(1, 'The exec.', ExecAction)),
  httpGet: pointer(of(2, 'The http get.', HTTPGetAction)),
  tcpSocket: pointer(of(3, 'The tcp socket.', TCPSocketAction)),
  sleep: pointer(of(4, 'The sleep.', SleepAction)),
}) {}

export class Lifecycle extends message('Lifecycle.', {
  postStart: pointer(of(1, 'The post start.', LifecycleHandler)),
  preStop: pointer(of(2, 'The pre stop.', LifecycleHandler)),
  stopSignal: pointer(oneOf(3, 'The stop signal.', signals)),
}) {}
