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
