import type { Manifest } from './test-namespace.ts';

/** The small Linux with busybox that `TestCluster` loads. */
export const busybox = 'kedge.test/busybox:1';
/** What Kedge brings. */
export const toolbox = 'kedge.local/toolbox:latest';

type Fields = Record<string, unknown>;

/** A shell that does something, then stays, and ends at once when told. */
export function shell(script = 'true'): string[] {
  return ['sh', '-c', `trap 'exit 0' TERM; ${script}; while true; do sleep 3600 & wait $!; done`];
}

/** A container of busybox. */
export function container(fields: Fields = {}): Fields {
  return { name: 'main', image: busybox, command: shell(), ...fields };
}

/** A pod with one container, or those of `spec`. */
export function pod(name: string, fields: Fields = {}, spec: Fields = {}, metadata: Fields = {}): Manifest {
  return {
    kind: 'Pod',
    metadata: { name, ...metadata },
    spec: { terminationGracePeriodSeconds: 5, containers: [container(fields)], ...spec },
  };
}

/** A Deployment of one container, selected by `app: NAME`. */
export function deployment(name: string, fields: Fields = {}, spec: Fields = {}, podSpec: Fields = {}): Manifest {
  return {
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 5, containers: [container(fields)], ...podSpec },
      },
      ...spec,
    },
  };
}

export function configMap(name: string, data: Record<string, string>): Manifest {
  return { kind: 'ConfigMap', metadata: { name }, data };
}

export function secret(name: string, stringData: Record<string, string>): Manifest {
  return { kind: 'Secret', metadata: { name }, stringData };
}

export interface Scripted {
  /** By where they are mounted. */
  volumes?: Record<string, Fields>;
  /** Of the container, of the pod's spec and of its metadata. */
  fields?: Fields;
  spec?: Fields;
  metadata?: Fields;
}

/** A pod of one container of busybox, that runs a script and ends. */
export function scripted(script: string, { volumes = {}, fields, spec, metadata }: Scripted = {}): Manifest {
  const mounted = Object.entries(volumes).map(([mountPath, source], at) => ({ name: `v${at}`, mountPath, source }));
  const volumeMounts = mounted.map(({ name, mountPath }) => ({ name, mountPath }));
  return {
    kind: 'Pod',
    metadata: { generateName: 'scripted-', ...metadata },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      volumes: mounted.map(({ name, source }) => ({ name, ...source })),
      containers: [container({ command: ['sh', '-c', script], volumeMounts, ...fields })],
      ...spec,
    },
  };
}

export function service(name: string, spec: Fields = {}): Manifest {
  return { kind: 'Service', metadata: { name }, spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec } };
}

/** A container of busybox that serves files of /www over HTTP: `index.html` names the host. */
export function webServer(fields: Fields = {}): Fields {
  return {
    command: shell('mkdir -p /www; hostname > /www/index.html; httpd -p 8080 -h /www'),
    ports: [{ name: 'http', containerPort: 8080 }],
    readinessProbe: { httpGet: { path: '/index.html', port: 8080 }, periodSeconds: 1 },
    ...fields,
  };
}
