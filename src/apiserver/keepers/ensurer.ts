import { applyDefaults, decode, isEqualJson, isStatusError, type KubeObject } from '#machinery';
import type { Mirror } from '../authz/mirror.ts';
import { systemContext } from '../registry/defaults.ts';
import type { RequestContext, Rest } from '../registry/rest.ts';

const autoUpdate = 'apf.kubernetes.io/autoupdate-spec';

/** Whose fields these are (`pkg/registry/flowcontrol/rest`). */
const producer = { fieldManager: 'api-priority-and-fairness-config-producer-v1' };

/** An object with a wish. */
export interface SpecObject extends KubeObject {
  spec: object;
}

interface Wanted {
  readonly name: string;
  readonly spec: object;
}

/** Makes objects of one resource be there, and as wanted (`pkg/registry/flowcontrol/ensurer/strategy.go`). */
export class Ensurer<T extends SpecObject> {
  readonly #rest: Rest;
  readonly #known: Mirror<T>;
  readonly #context: RequestContext;

  constructor(rest: Rest, known: Mirror<T>, signal: AbortSignal) {
    this.#rest = rest;
    this.#known = known;
    this.#context = systemContext(signal);
  }

  /** `suggested` objects that somebody has taken over are left as they are. */
  async ensure(all: readonly Wanted[], how: 'mandatory' | 'suggested'): Promise<void> {
    await Promise.all(all.map((wanted) => this.#ensureOne(wanted, how)));
  }

  /** Deletes objects that an earlier version of the server has made. */
  async removeAllBut(all: readonly Wanted[]): Promise<void> {
    const wanted = new Set(all.map(({ name }) => name));
    for (const { metadata } of this.#known.values()) {
      const { name = '', annotations } = metadata;
      if (wanted.has(name) || annotations?.[autoUpdate] !== 'true') continue;
      await unless(['NotFound'], this.#rest.delete(this.#context, '', name));
    }
  }

  async #ensureOne({ name, spec }: Wanted, how: 'mandatory' | 'suggested'): Promise<void> {
    const found = this.#known.get(name);
    const annotations = { [autoUpdate]: 'true' };
    if (!found) {
      return unless(
        ['AlreadyExists'],
        this.#rest.create(this.#context, '', { metadata: { name, annotations }, spec }, producer),
      );
    }
    const mayUpdate = how === 'mandatory' || isOurs(found);
    const target = mayUpdate ? merged(this.#complete(spec), found) : found.spec;
    const isMarked = found.metadata.annotations?.[autoUpdate] === String(mayUpdate);
    if (isMarked && isEqualJson(target, found.spec)) return;
    const metadata = structuredClone(found.metadata);
    metadata.annotations = { ...metadata.annotations, [autoUpdate]: String(mayUpdate) };
    // Somebody else was faster: what they wrote is looked at when the watch tells of it.
    await unless(
      ['Conflict'],
      this.#rest.update(this.#context, '', name, { ...found, metadata, spec: target }, producer),
    );
  }

  /** The spec as it would be stored. */
  #complete(spec: object): object {
    const { kind, setDefaults } = this.#rest.resource;
    const { object } = decode(kind, { spec });
    applyDefaults(kind, object);
    setDefaults?.(object);
    return (object as SpecObject).spec;
  }
}

/** How much an exempt level lends is for administrators to say. */
function merged(spec: object, found: SpecObject): object {
  return 'exempt' in spec && 'exempt' in found.spec ? { ...spec, exempt: found.spec.exempt } : spec;
}

/** An object without a mark is ours as long as nobody has changed its spec. */
function isOurs({ metadata }: KubeObject): boolean {
  const mark = metadata.annotations?.[autoUpdate];
  return mark === 'true' || mark === 'false' ? mark === 'true' : metadata.generation === 1;
}

async function unless(reasons: ('AlreadyExists' | 'Conflict' | 'NotFound')[], work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isStatusError(error, ...reasons)) throw error;
  }
}
