const podBytes = 2000;

/** A pod as a Deployment makes it, 2 kB of JSON, for a scheduler that does not exist: it stays as it was created. */
export function idlePod(name: string): object {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      labels: { app: 'bench', tier: 'web', 'pod-template-hash': '5d59d67564' },
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
