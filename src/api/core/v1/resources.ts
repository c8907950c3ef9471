import { listMap, map, message, oneOf, quantity, required, string } from '#machinery';

export class ResourceClaim extends message('ResourceClaim.', {
  name: required(string(1, 'The name.')),
  request: string(2, 'The request.'),
}) {}

export class ResourceRequirements extends message('ResourceRequirements.', {
  limits: map(1, 'The limits.', quantity(0, '')),
  requests: map(2, 'The requests.', quantity(0, '')),
  claims: listMap(3, 'The claims.', ['name'], ResourceClaim),
}) {}

export class VolumeResourceRequirements extends message('VolumeResourceRequirements.', {
  limits: map(1, 'The limits.', quantity(0, '')),
  requests: map(2, 'The requests.', quantity(0, '')),
}) {}

export class ContainerResizePolicy extends message('ContainerResizePolicy.', {
  resourceName: required(string(1, 'The resource name.')),
  restartPolicy: required(oneOf(2, 'The restart policy.', ['NotRequired', 'RestartContainer'])),
}) {}
