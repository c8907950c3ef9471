import type { Message } from '#machinery';
import * as apiextensionsV1 from './apiextensions/v1/index.ts';
import * as apiregistrationV1 from './apiregistration/v1/index.ts';
import * as apidiscoveryV2 from './apidiscovery/v2/index.ts';
import * as appsV1 from './apps/v1/index.ts';
import * as authenticationV1 from './authentication/v1/index.ts';
import * as authorizationV1 from './authorization/v1/index.ts';
import * as autoscalingV1 from './autoscaling/v1/index.ts';
import * as certificatesV1 from './certificates/v1/index.ts';
import * as autoscalingV2 from './autoscaling/v2/index.ts';
import * as batchV1 from './batch/v1/index.ts';
import * as coordinationV1 from './coordination/v1/index.ts';
import * as coreV1 from './core/v1/index.ts';
import * as discoveryV1 from './discovery/v1/index.ts';
import * as eventsV1 from './events/v1/index.ts';
import * as flowcontrolV1 from './flowcontrol/v1/index.ts';
import * as metaV1 from './meta/v1/index.ts';
import { listOf } from './meta/v1/list-of.ts';
import * as networkingV1 from './networking/v1/index.ts';
import * as nodeV1 from './node/v1/index.ts';
import * as policyV1 from './policy/v1/index.ts';
import * as rbacV1 from './rbac/v1/index.ts';
import * as resourceV1 from './resource/v1/index.ts';
import * as admissionregistrationV1 from './admissionregistration/v1/index.ts';
import { allResources } from './resources.ts';
import * as schedulingV1 from './scheduling/v1/index.ts';
import * as storageV1 from './storage/v1/index.ts';

/** A Go package, under whose name OpenAPI knows its types: `io.k8s.api.core.v1.Pod`. */
export interface Package {
  readonly name: string;
  readonly messages: readonly Message[];
}

const stored = new Set(allResources.filter((one) => one.verbs.includes('list')).map((one) => one.kind));

/** All message classes of a module, and the list types of those that are stored. */
function declared(name: string, module: Readonly<Record<string, unknown>>): Package {
  const own = Object.values(module).filter(isMessage);
  const lists = own.filter((one) => stored.has(one)).map(listOf);
  return { name, messages: [...own, ...lists] };
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'function' && 'fields' in value && 'doc' in value;
}

/** Every message of the API by package. */
export const packages: readonly Package[] = [
  declared('io.k8s.api.core.v1', coreV1),
  declared('io.k8s.api.apps.v1', appsV1),
  declared('io.k8s.api.batch.v1', batchV1),
  declared('io.k8s.api.rbac.v1', rbacV1),
  declared('io.k8s.api.coordination.v1', coordinationV1),
  declared('io.k8s.api.discovery.v1', discoveryV1),
  declared('io.k8s.api.events.v1', eventsV1),
  declared('io.k8s.api.authentication.v1', authenticationV1),
  declared('io.k8s.api.authorization.v1', authorizationV1),
  declared('io.k8s.api.autoscaling.v1', autoscalingV1),
  declared('io.k8s.api.autoscaling.v2', autoscalingV2),
  declared('io.k8s.api.certificates.v1', certificatesV1),
  declared('io.k8s.api.flowcontrol.v1', flowcontrolV1),
  declared('io.k8s.api.resource.v1', resourceV1),
  declared('io.k8s.api.admissionregistration.v1', admissionregistrationV1),
  declared('io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1', apiextensionsV1),
  declared('io.k8s.kube-aggregator.pkg.apis.apiregistration.v1', apiregistrationV1),
  declared('io.k8s.api.networking.v1', networkingV1),
  declared('io.k8s.api.policy.v1', policyV1),
  declared('io.k8s.api.storage.v1', storageV1),
  declared('io.k8s.api.scheduling.v1', schedulingV1),
  declared('io.k8s.api.node.v1', nodeV1),
  declared('io.k8s.api.apidiscovery.v2', apidiscoveryV2),
  declared('io.k8s.apimachinery.pkg.apis.meta.v1', metaV1),
];
