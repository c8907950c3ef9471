import type { Container, Pod, Secret } from '#api';
import { messageOf, type Clock } from '#base';
import type { AuthConfig, Image, ImageService, PodSandboxConfig } from '#cri';
import { ImageSpec } from '#cri';
import { formatDuration } from '#machinery';
import { Backoff } from '../pods/backoff.ts';
import type { ContainerEvents } from '../pods/events.ts';
import { StartError } from '../pods/start-error.ts';
import { withDefaultTag } from './image-name.ts';
import { credentialsFor } from './pull-secrets.ts';

export interface ReadyImage {
  /** By which the runtime knows the image now. */
  readonly ref: string;
  readonly image: Image | undefined;
}

export interface ImageRequest {
  readonly pod: Pod;
  readonly container: Container;
  readonly secrets: readonly Secret[];
  readonly sandbox: PodSandboxConfig;
  readonly events: ContainerEvents;
  readonly signal?: AbortSignal;
}

/** Sees to it that a container's image is here, by its pull policy, with back-off per pod and image. */
export class ImageManager {
  readonly #images: ImageService;
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  /** The last failure of each pod and image, told again while backing off. */
  readonly #lastErrors = new Map<string, string>();

  constructor({ images, clock }: { images: ImageService; clock: Clock }) {
    this.#images = images;
    this.#clock = clock;
    this.#backoff = new Backoff({ clock });
  }

  /** @throws StartError `InvalidImageName`, `ErrImageNeverPull`, `ErrImagePull`, `ImagePullBackOff` or `ImageInspectError` */
  async ensure(request: ImageRequest): Promise<ReadyImage> {
    const { container, events } = request;
    const name = this.#nameOf(container, events);
    const present = await this.#inspect(name, container, events);
    const quoted = JSON.stringify(container.image ?? '');
    const policy = container.imagePullPolicy ?? (name.endsWith(':latest') ? 'Always' : 'IfNotPresent');
    if (present && policy !== 'Always') {
      events.normal('Pulled', `Container image ${quoted} already present on machine and can be accessed by the pod`);
      return { ref: present.id, image: present };
    }
    if (policy === 'Never') {
      const message = `Container image ${quoted} is not present with pull policy of Never`;
      events.warning('ErrImageNeverPull', message);
      throw new StartError('ErrImageNeverPull', message);
    }
    return this.#pull(name, request);
  }

  /** How long an image of a pod still waits for its next pull. */
  retryDelayMs(pod: Pod, container: Container): number {
    return this.#backoff.remaining(keyOf(pod, container.image ?? ''));
  }

  forget(uid: string): void {
    this.#backoff.forget(`${uid}_`);
    for (const key of this.#lastErrors.keys()) if (key.startsWith(`${uid}_`)) this.#lastErrors.delete(key);
  }

  #nameOf(container: Container, events: ContainerEvents): string {
    try {
      return withDefaultTag(container.image ?? '');
    } catch (error) {
      const message = `Failed to apply default image tag ${JSON.stringify(container.image ?? '')}: ${messageOf(error)}`;
      events.warning('InspectFailed', message);
      throw new StartError('InvalidImageName', message);
    }
  }

  async #inspect(name: string, container: Container, events: ContainerEvents): Promise<Image | undefined> {
    try {
      return (await this.#images.imageStatus({ image: ImageSpec.of({ image: name }), verbose: false })).image;
    } catch (error) {
      const message = `Failed to inspect image ${JSON.stringify(container.image ?? '')}: ${messageOf(error)}`;
      events.warning('InspectFailed', message);
      throw new StartError('ImageInspectError', message);
    }
  }

  async #pull(name: string, request: ImageRequest): Promise<ReadyImage> {
    const { pod, container, events } = request;
    const key = keyOf(pod, container.image ?? '');
    const quoted = JSON.stringify(container.image ?? '');
    if (this.#backoff.remaining(key) > 0) {
      const message = `Back-off pulling image ${quoted}`;
      events.normal('BackOff', message);
      const last = this.#lastErrors.get(key);
      throw new StartError('ImagePullBackOff', last ? `${message}: ${last}` : message);
    }
    events.normal('Pulling', `Pulling image ${quoted}`);
    const begunMs = this.#clock.now();
    try {
      const ref = await this.#pullWithAny(name, request);
      const image = await this.#inspect(ref, container, events);
      const took = formatDuration(Math.trunc(this.#clock.now() - begunMs));
      const size = image ? ` Image size: ${image.size} bytes.` : '';
      events.normal('Pulled', `Successfully pulled image ${quoted} in ${took} (${took} including waiting).${size}`);
      return { ref, image };
    } catch (error) {
      if (error instanceof StartError || request.signal?.aborted) throw error;
      const message = messageOf(error);
      events.warning('Failed', `Failed to pull image ${quoted}: ${message}`);
      this.#backoff.next(key, this.#clock.now());
      this.#lastErrors.set(key, `ErrImagePull: ${message}`);
      throw new StartError('ErrImagePull', message);
    }
  }

  /** Tries each credential that fits, or none at all; the last failure counts. */
  async #pullWithAny(name: string, { secrets, sandbox, signal }: ImageRequest): Promise<string> {
    const fitting = credentialsFor(name, secrets);
    const tries: (AuthConfig | undefined)[] = fitting.length > 0 ? fitting : [undefined];
    let failure: unknown;
    for (const auth of tries) {
      try {
        const image = ImageSpec.of({ image: name });
        return (await this.#images.pullImage({ image, ...(auth && { auth }), sandboxConfig: sandbox }, signal))
          .imageRef;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }
}

function keyOf(pod: Pod, image: string): string {
  return `${pod.metadata.uid}_${image}`;
}
