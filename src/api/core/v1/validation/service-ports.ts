import { isPortNumber, type FieldErrors, type FieldPath } from '#machinery';
import { validateQualifiedName } from '../../../meta/v1/label-validation.ts';
import { validatePortNumberOrName } from '../../../meta/v1/value-validation.ts';
import type { Service, ServicePort } from '../service.ts';
import { isHeadless } from './service-ips.ts';

/** The ports of a service: each once, each with a name when there are several. */
export function validateServicePorts({ spec }: Service, errors: FieldErrors, path: FieldPath): void {
  const { ports = [], type } = spec;
  if (ports.length === 0 && !isHeadless(spec) && type !== 'ExternalName') errors.required(path);
  for (const [at, port] of ports.entries()) validatePort(port, ports, errors, path.index(at));
  for (const [at, { nodePort }] of ports.entries()) {
    if (!nodePort || type !== 'ClusterIP') continue;
    errors.forbidden(path.index(at).child('nodePort'), "may not be used when `type` is 'ClusterIP'");
  }
  validateUnique(ports, errors, path);
}

function validatePort(port: ServicePort, all: readonly ServicePort[], errors: FieldErrors, path: FieldPath): void {
  const { name = '', port: number, targetPort, appProtocol } = port;
  const before = all.slice(0, all.indexOf(port));
  if (name === '') {
    if (all.length > 1) errors.required(path.child('name'));
  } else if (before.some((one) => one.name === name)) errors.duplicate(path.child('name'), name);
  for (const why of isPortNumber(number)) errors.invalid(path.child('port'), number, why);
  if (targetPort !== undefined) validatePortNumberOrName(targetPort, errors, path.child('targetPort'));
  if (appProtocol !== undefined) validateQualifiedName(appProtocol, errors, path.child('appProtocol'));
}

function validateUnique(ports: readonly ServicePort[], errors: FieldErrors, path: FieldPath): void {
  for (const [at, { port, protocol, nodePort }] of ports.entries()) {
    const before = ports.slice(0, at).filter((one) => one.protocol === protocol);
    if (nodePort && before.some((one) => one.nodePort === nodePort)) {
      errors.duplicate(path.index(at).child('nodePort'), nodePort);
    }
    if (before.some((one) => one.port === port)) errors.duplicate(path.index(at), { protocol, port });
  }
}
