import { join } from 'node:path';

/**
 * Where one node's runtime keeps what it has:
 *
 *     ROOT/sandboxes/ID.json     what is known of each sandbox; survives a reboot
 *          containers/ID.json    and of each container
 *          snapshots/ID/         what each container wrote: `upper`, `work`
 *          images/               the node's image names; `holds/` has the layers that containers stand on
 *     STATE/sandboxes/ID/        namespaces pinned to files, `resolv.conf`, `hostname`, `shm`
 *           bundles/ID/          what runc and conmon work in: `config.json`, `rootfs`, `attach`, `ctl`
 *           exits/ID             exit codes, written by conmon
 *           runc/                runc's own
 */
export class RuntimePaths {
  readonly root: string;
  readonly state: string;

  constructor(options: { root: string; state: string }) {
    this.root = options.root;
    this.state = options.state;
  }

  get sandboxRecords(): string {
    return join(this.root, 'sandboxes');
  }

  get containerRecords(): string {
    return join(this.root, 'containers');
  }

  get snapshots(): string {
    return join(this.root, 'snapshots');
  }

  get references(): string {
    return join(this.root, 'images');
  }

  get exits(): string {
    return join(this.state, 'exits');
  }

  get sandboxes(): string {
    return join(this.state, 'sandboxes');
  }

  get bundles(): string {
    return join(this.state, 'bundles');
  }

  sandbox(id: string): string {
    return join(this.sandboxes, id);
  }

  bundle(id: string): string {
    return join(this.bundles, id);
  }
}
