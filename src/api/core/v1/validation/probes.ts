import { isHttpHeaderName, type FieldErrors, type FieldPath } from '#machinery';
import { validatePortNumberOrName } from '../../../meta/v1/value-validation.ts';
import type { HTTPGetAction, Lifecycle, LifecycleHandler, Probe, ProbeHandler } from '../probe.ts';

interface Probed {
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  startupProbe?: Probe;
  lifecycle?: Lifecycle;
}

/** The probes and hooks of a container; `graceSeconds` is what the pod has to end. */
export function validateProbesAndHooks(
  { livenessProbe, readinessProbe, startupProbe, lifecycle }: Probed,
  graceSeconds: number | undefined,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const { postStart, preStop } = lifecycle ?? {};
  if (postStart) validateHandler(postStart, graceSeconds, errors, path.child('lifecycle', 'postStart'));
  if (preStop) validateHandler(preStop, graceSeconds, errors, path.child('lifecycle', 'preStop'));
  if (livenessProbe) validateProbe(livenessProbe, errors, path.child('livenessProbe'));
  if (readinessProbe) validateReadinessProbe(readinessProbe, errors, path.child('readinessProbe'));
  if (startupProbe) validateProbe(startupProbe, errors, path.child('startupProbe'));
}

function validateProbe(probe: Probe, errors: FieldErrors, path: FieldPath): void {
  validateHandler(probe, undefined, errors, path);
  validateGrace(probe, errors, path);
  const { successThreshold = 0 } = probe;
  if (successThreshold !== 1) errors.invalid(path.child('successThreshold'), successThreshold, 'must be 1');
}

function validateReadinessProbe(probe: Probe, errors: FieldErrors, path: FieldPath): void {
  validateHandler(probe, undefined, errors, path);
  validateGrace(probe, errors, path);
  const { terminationGracePeriodSeconds: seconds } = probe;
  if (seconds === undefined) return;
  errors.invalid(path.child('terminationGracePeriodSeconds'), seconds, 'must not be set for readinessProbes');
}

function validateGrace({ terminationGracePeriodSeconds: seconds }: Probe, errors: FieldErrors, path: FieldPath): void {
  if (seconds === undefined || seconds > 0) return;
  errors.invalid(path.child('terminationGracePeriodSeconds'), seconds, 'must be greater than 0');
}

/** Exactly one way to look, or to act. */
function validateHandler(
  handler: ProbeHandler & LifecycleHandler,
  graceSeconds: number | undefined,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const kinds = (['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const).filter((kind) => handler[kind]);
  const [kind, ...others] = kinds;
  if (!kind) return errors.required(path, 'must specify a handler type');
  for (const other of others) {
    errors.forbidden(path.child(other), 'may not specify more than 1 handler type');
    errors.ignoreSchemaAt(path.child(other));
  }
  const at = path.child(kind);
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  if (kind === 'exec' && !exec?.command?.length) errors.required(at.child('command'));
  if (kind === 'httpGet' && httpGet) validateHttpGet(httpGet, errors, at);
  if (kind === 'tcpSocket' && tcpSocket) validatePortNumberOrName(tcpSocket.port, errors, at.child('port'));
  if (kind === 'grpc' && grpc) validatePortNumberOrName(grpc.port, errors, at.child('port'));
  if (kind === 'sleep' && sleep) validateSleep(sleep.seconds, graceSeconds, errors, at);
}

function validateHttpGet({ port, httpHeaders = [] }: HTTPGetAction, errors: FieldErrors, path: FieldPath): void {
  validatePortNumberOrName(port, errors, path.child('port'));
  for (const { name } of httpHeaders) {
    for (const why of isHttpHeaderName(name)) errors.invalid(path.child('httpHeaders'), name, why);
  }
}

function validateSleep(seconds: number, graceSeconds: number | undefined, errors: FieldErrors, path: FieldPath): void {
  if (graceSeconds === undefined || (seconds >= 0 && seconds <= graceSeconds)) return;
  errors.invalid(path, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`);
}
