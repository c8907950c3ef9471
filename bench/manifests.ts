import type { Container, Pod } from '#api';
import type { New } from '#client';

const podBytes = 2000;

/** What of an idle pod can be read, and changed. */
export interface IdlePod {
  metadata: { name: string; labels: Record<string, string>; annotations: { filler: string } };
}

/** A pod as a Deployment makes it, 2 kB of JSON, for a scheduler that does not exist: it stays as it was created. */
export function idlePod(name: string, labels: Record<string, string> = {}): IdlePod {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      labels: { app: 'bench', tier: 'web', 'pod-template-hash': '5d59d67564', ...labels },
      annotations: { filler: '' },
    },
    spec: {
      schedulerName: 'nobody',
      automountServiceAccountToken: false,
      containers: [
        {
          name: 'web',
          image: 'registry.example/bench/web:1.0.0',
          args: ['serve', '--port', '8080'],
          env: Array.from({ length: 8 }, (_, n) => ({ name: `SETTING_${n}`, value: `value-${n}` })),
          ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
          resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
          readinessProbe: { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 2 },
          livenessProbe: { httpGet: { path: '/healthz', port: 'http' } },
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
      ],
      volumes: [{ name: 'data', emptyDir: {} }],
    },
  };
  pod.metadata.annotations.filler = 'x'.repeat(podBytes - JSON.stringify(pod).length);
  return pod;
}

/** A pod that runs until it is told to stop, and then stops at once, of an image that every machine with Kedge has. */
export function sleepingPod(name: string): New<Pod> {
  const script = "process.on('SIGTERM', () => process.exit()); setInterval(() => {}, 1e9)";
  return podOf(name, { name: 'sleep', image: 'kedge.local/node', command: ['node', '-e', script] });
}

/** A pod that asks for a URL until it is answered, and then succeeds. */
export function askingPod(name: string, url: string): New<Pod> {
  const script = `const ask = () => fetch('${url}').then((r) => r.text()).then(console.log, () => setTimeout(ask, 20)); ask()`;
  const pod = podOf(name, { name: 'ask', image: 'kedge.local/node', command: ['node', '-e', script] });
  return { apiVersion: 'v1', kind: 'Pod', ...pod, spec: { ...pod.spec, restartPolicy: 'Never' } };
}

function podOf(name: string, container: New<Container>): New<Pod> {
  const resources = { requests: { cpu: '1m', memory: '8Mi' } };
  return { metadata: { name }, spec: { containers: [{ imagePullPolicy: 'IfNotPresent', resources, ...container }] } };
}
