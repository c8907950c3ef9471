/** Whatever the pods, the nodes and the faults: no node ever has more than it can hold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { nodes, pods, type Node, type Pod } from '#api';
import { conflict, nameOf, Quantity } from '#machinery';
import { hostPortsOf } from './host-ports.ts';
import { aNode, aPod, Story } from './story.ts';

const anyNode = fc.record({
  cpu: fc.integer({ min: 1, max: 8 }),
  memory: fc.integer({ min: 1, max: 8 }),
  pods: fc.integer({ min: 1, max: 6 }),
});
const anyPod = fc.record({
  cpu: fc.integer({ min: 0, max: 40 }),
  memory: fc.integer({ min: 0, max: 4 }),
  hostPort: fc.option(fc.integer({ min: 80, max: 82 }), { nil: undefined }),
  init: fc.integer({ min: 0, max: 60 }),
  priority: fc.integer({ min: 0, max: 2 }),
});
/** What happens after each pod: nothing, its node's oldest pod leaves, or its binding fails. */
const anyFate = fc.constantFrom('none', 'none', 'leave', 'fail');

function podOf(
  name: string,
  { cpu, memory, hostPort, init, priority }: typeof anyPod extends fc.Arbitrary<infer T> ? T : never,
) {
  const requests = { cpu: `${cpu * 100}m`, memory: `${memory}Gi` };
  const ports = hostPort === undefined ? [] : [{ containerPort: 80, hostPort, protocol: 'TCP' as const }];
  return aPod(name, {
    priority,
    containers: [{ name: 'main', image: 'image', resources: { requests }, ports }],
    initContainers: [{ name: 'init', image: 'image', resources: { requests: { cpu: `${init * 100}m` } } }],
  });
}

function assertHolds(node: Node, there: readonly Pod[]): void {
  const { allocatable = {} } = node.status;
  const limit = (name: string) => Quantity.parse(allocatable[name] ?? '0').milliValue();
  const asked = (name: string) =>
    there.reduce((sum, { spec }) => {
      const [main, init] = [spec.containers[0], spec.initContainers?.[0]].map((container) =>
        Quantity.parse(container?.resources?.requests?.[name] ?? '0').milliValue(),
      );
      return sum + Math.max(main ?? 0, init ?? 0);
    }, 0);
  assert.ok(there.length * 1000 <= limit('pods'), `pods of ${nameOf(node)}`);
  for (const name of ['cpu', 'memory']) assert.ok(asked(name) <= limit(name), `${name} of ${nameOf(node)}`);
  const ports = there.flatMap((pod) => hostPortsOf(pod).map(({ port }) => port));
  assert.equal(new Set(ports).size, ports.length, `host ports of ${nameOf(node)}`);
}

function assertNothingOver(story: Story): void {
  const all = story.transport.objects(pods);
  for (const node of story.transport.objects(nodes)) {
    assertHolds(
      node,
      all.filter((pod) => pod.spec.nodeName === nameOf(node)),
    );
  }
}

test('no node is given more than it can hold', async () => {
  const scene = fc.record({
    nodes: fc.array(anyNode, { minLength: 1, maxLength: 4 }),
    pods: fc.array(fc.tuple(anyPod, anyFate), { minLength: 1, maxLength: 25 }),
  });
  await fc.assert(
    fc.asyncProperty(scene, async ({ nodes: nodeList, pods: podList }) => {
      await using story = new Story();
      const failing = new Set(podList.flatMap(([, fate], at) => (fate === 'fail' ? [`pod-${at}`] : [])));
      story.transport.intercept(({ subresource, name = '', resource }) => {
        if (subresource === 'binding' && failing.delete(name)) throw conflict(resource, name, 'once');
      });
      story.nodes(
        ...nodeList.map(({ cpu, memory, pods: count }, at) =>
          aNode(`node-${at}`, { allocatable: { cpu: `${cpu}`, memory: `${memory}Gi`, pods: `${count}` } }),
        ),
      );
      for (const [at, [pod, fate]] of podList.entries()) {
        story.pods(podOf(`pod-${at}`, pod));
        if (fate === 'none') continue;
        await story.clock.advance(0);
        const [bound] = story.transport.objects(pods).filter(({ spec }) => spec.nodeName);
        if (fate === 'leave' && bound) story.transport.remove(pods, `default/${nameOf(bound)}`);
        assertNothingOver(story);
      }
      await story.pass(15_000);
      assertNothingOver(story);
    }),
    { numRuns: 40, seed: 36 },
  );
});
