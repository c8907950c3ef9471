import { Binding, pods, type Pod } from '#api';
import { badRequest, conflict, FieldErrors, FieldPath, formatTime } from '#machinery';
import { createdAnswer } from '../registry/answers.ts';
import { decodeAs } from '../registry/body.ts';
import { mustBeIn } from '../registry/create.ts';
import type { SubresourceRest } from '../registry/rest.ts';
import { mustHaveUid } from '../registry/uid-precondition.ts';
import type { ResourceStore } from '../registry/store.ts';
import { setPodCondition } from './pod-conditions.ts';

/** `pods/binding`: how a scheduler gives a pod to a node (`pkg/registry/core/pod/storage`, assignPod). */
export function podBinding(store: ResourceStore<Pod>): SubresourceRest {
  return {
    async create(context, ns, name, body, options = {}) {
      const binding = decodeAs(Binding, { apiVersion: 'v1', kind: 'Binding' }, body, context, options);
      mustBeIn(ns, binding.metadata);
      validateBinding(binding, name);
      const { uid } = binding.metadata;
      const target = { ns, name, subresource: 'binding', options, strategy: { validatesObject: false } };
      const now = formatTime(store.parts.clock.now());
      await store.modify(context, target, (pod, old) => {
        checkAssignable(old, uid);
        pod.spec.nodeName = binding.target.name ?? '';
        delete pod.status.nominatedNodeName;
        const { annotations, labels } = binding.metadata;
        if (annotations) pod.metadata.annotations = { ...pod.metadata.annotations, ...annotations };
        if (labels) pod.metadata.labels = { ...pod.metadata.labels, ...labels };
        setPodCondition(pod, { type: 'PodScheduled', status: 'True' }, now);
      });
      return createdAnswer();
    },
  };
}

function validateBinding({ metadata, target }: Binding, name: string): void {
  if (metadata.name !== name) throw badRequest('name in URL does not match name in Binding object');
  const errors = new FieldErrors();
  const at = FieldPath.of('target');
  if (target.kind && target.kind !== 'Node') errors.notSupported(at.child('kind'), target.kind, ['Node', '<empty>']);
  if (!target.name) errors.required(at.child('name'));
  if (errors.empty) return;
  const words = errors.list.map(({ field, message }) => `${field}: ${message}`);
  const message = words.length > 1 ? `[${words.join(', ')}]` : words.join('');
  throw badRequest(message); // upstream's words; it answers 500, though it is the client's fault
}

function checkAssignable({ metadata, spec }: Pod, uid: string | undefined): void {
  const { name = '' } = metadata;
  const refuse = (why: string): Error => conflict({ group: '', plural: 'pods/binding' }, name, why);
  if (uid) mustHaveUid(pods, uid, metadata);
  if (metadata.deletionTimestamp !== undefined) {
    throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  }
  if (spec.nodeName) throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(spec.nodeName)}`);
  if (spec.schedulingGates?.length) throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
}
