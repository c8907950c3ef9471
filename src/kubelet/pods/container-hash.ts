import { createHash } from 'node:crypto';
import type { Container } from '#api';

/** What makes a container another one: a running container is replaced when this changes. As upstream, name and image. */
export function containerHash(container: Container): string {
  return createHash('sha256')
    .update(JSON.stringify([container.name, container.image]))
    .digest('hex')
    .slice(0, 16);
}
