import { listMap, map, message, oneOf, quantity, required, string } from '#machinery';

export class ResourceClaim extends message('A claim of the pod that a container uses.', {
  name: required(string(1, "The claim's name among `spec.resourceClaims`.", { minLength: 0 })),
  request: string(2, 'One request of the claim, where not all are meant.'),
}) {}

export class ResourceRequirements extends message('What a container may use, and what it is promised.', {
  limits: map(1, 'What it cannot exceed.', quantity(0, '')),
  requests: map(2, 'What is kept free for it; the limits by default.', quantity(0, '')),
  claims: listMap(3, 'The device claims it uses.', ['name'], ResourceClaim),
}) {}

export class VolumeResourceRequirements extends message('How large a volume is to be.', {
  limits: map(1, 'The most.', quantity(0, '')),
  requests: map(2, 'The least.', quantity(0, '')),
}) {}

export class ContainerResizePolicy extends message('What a change of one resource means for the running container.', {
  resourceName: required(string(1, 'The resource, `cpu` or `memory`.', { minLength: 0 })),
  restartPolicy: required(
    oneOf(2, 'Whether the container restarts when that resource changes.', ['NotRequired', 'RestartContainer'], {
      enumIsForRules: true,
    }),
  ),
}) {}
