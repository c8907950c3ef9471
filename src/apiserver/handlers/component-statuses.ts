import { componentStatuses } from '#api';
import { messageOf } from '#base';
import { methodNotSupported, notFound, type KubeObject, type Resource } from '#machinery';
import type { ListOptions, ListResult, RequestContext, Rest, Stored } from '../registry/rest.ts';
import { selectionOf } from '../registry/selection.ts';
import { StoredObject } from '../watch-cache/index.ts';

/** A part of the control plane that can be asked how it does. */
export interface ComponentCheck {
  /** `scheduler`, `controller-manager`, `etcd-0`. */
  readonly name: string;
  /** Rejects with what is wrong. */
  check(): Promise<void>;
}

/** `componentstatuses`: how the control plane does, asked anew for each answer (`pkg/registry/core/componentstatus`). */
export class ComponentStatuses implements Rest {
  readonly resource = componentStatuses as Resource;
  readonly #checks: () => readonly ComponentCheck[];

  constructor(checks: () => readonly ComponentCheck[]) {
    this.#checks = checks;
  }

  async get(_context: RequestContext, _namespace: string, name: string): Promise<Stored> {
    const check = this.#checks().find((one) => one.name === name);
    if (!check) throw notFound(this.resource, name);
    return statusOf(check);
  }

  async list(_context: RequestContext, namespace: string, options: ListOptions): Promise<ListResult> {
    const { matches } = selectionOf(this.resource as Resource<KubeObject>, namespace, options);
    const all = await Promise.all(this.#checks().map(statusOf));
    return { items: all.filter(matches), resourceVersion: '' };
  }

  watch(): never {
    throw methodNotSupported(this.resource, 'watch');
  }

  create(): never {
    throw methodNotSupported(this.resource, 'create');
  }

  update(): never {
    throw methodNotSupported(this.resource, 'update');
  }

  patch(): never {
    throw methodNotSupported(this.resource, 'patch');
  }

  delete(): never {
    throw methodNotSupported(this.resource, 'delete');
  }

  deleteCollection(): never {
    throw methodNotSupported(this.resource, 'deletecollection');
  }

  subresource(): undefined {}
}

async function statusOf(component: ComponentCheck): Promise<StoredObject> {
  const { name } = component;
  let outcome: object;
  try {
    await component.check();
    outcome = { status: 'True', message: 'ok' };
  } catch (error) {
    outcome = { status: 'False', error: messageOf(error) };
  }
  const conditions = [{ type: 'Healthy', ...outcome }];
  const object = { apiVersion: 'v1', kind: 'ComponentStatus', metadata: { name }, conditions };
  return new StoredObject(0, undefined, object);
}
