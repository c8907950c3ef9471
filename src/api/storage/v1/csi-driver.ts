import { bool, int64, list, message, of, oneOf, pointer, present, required, set, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class TokenRequest extends message('A token of the service account of the pod that a volume is mounted for.', {
  audience: required(string(1, "Whom the token is for; the API server's own by default.", { minLength: 0 })),
  expirationSeconds: pointer(int64(2, 'How long the token is good; an hour by default.')),
}) {}

export class CSIDriverSpec extends message('How Kubernetes is to use a driver.', {
  attachRequired: pointer(bool(1, 'Whether volumes are attached to a node before they are mounted.')),
  podInfoOnMount: pointer(bool(2, 'Whether the driver is told which pod it mounts for.')),
  volumeLifecycleModes: set(
    3,
    'Whether the driver serves persistent volumes, volumes of a single pod, or both.',
    string(0, ''),
  ),
  storageCapacity: pointer(bool(4, 'Whether the scheduler looks at how much room the driver has left.')),
  fsGroupPolicy: pointer(
    oneOf(5, 'Whether ownership of the files is changed for the pod.', ['ReadWriteOnceWithFSType', 'File', 'None']),
  ),
  tokenRequests: list(6, 'The tokens that the driver gets for the pod.', TokenRequest),
  requiresRepublish: pointer(bool(7, 'Whether the driver is called again and again, to refresh the volume.')),
  seLinuxMount: pointer(bool(8, 'Whether volumes can be mounted with an SELinux context.')),
  nodeAllocatableUpdatePeriodSeconds: pointer(
    int64(9, 'How often nodes tell anew how many volumes they can take; not, by default.'),
  ),
  serviceAccountTokenInSecrets: pointer(bool(10, 'Whether tokens come among the secrets, not the volume context.')),
  preventPodSchedulingIfMissing: pointer(bool(11, 'Whether pods keep off nodes that lack the driver.')),
}) {}

export class CSIDriver extends message('A CSI driver, and how Kubernetes is to use it.', {
  ...typeMeta,
  metadata: present(of(1, "The driver's name, and what else every object has.", ObjectMeta)),
  spec: required(of(2, 'How it is to be used.', CSIDriverSpec)),
}) {}
