import type { ConfigMap, Container, EnvVar, Secret } from '#api';
import { isEnvVarName, isStatusError } from '#machinery';
import { expandWith } from './expand.ts';
import { fieldValue, type FieldContext } from './field-ref.ts';
import { containerOfSelector, resourceFieldValue } from './resource-field.ts';

/** Reads of objects that env variables refer to; throw `StatusError` NotFound. */
export interface ObjectReader {
  configMap(namespace: string, name: string): Promise<ConfigMap>;
  secret(namespace: string, name: string): Promise<Secret>;
}

export interface EnvContext extends FieldContext {
  readonly objects: ObjectReader;
  /** The variables of the services that the pod sees. */
  readonly services: ReadonlyMap<string, string>;
  readonly allocatable: Record<string, string>;
  /** Called with the keys of an `envFrom` that are no variable names, and where they come from. */
  readonly invalidNames: (kind: 'configMap' | 'secret', name: string, keys: string[]) => void;
}

/**
 * The environment of a container: `envFrom` first, then `env` in order with `$(VAR)` expanded from what stands before
 * and from the services, and the services for all names that are still free.
 * @throws Error when a reference is missing; the container then waits as `CreateContainerConfigError`
 */
export async function containerEnvironment(container: Container, context: EnvContext): Promise<Map<string, string>> {
  const result = new Map<string, string>();
  for (const source of container.envFrom ?? []) await addSource(source, result, context);
  const known = new Map([...context.services, ...result]);
  for (const variable of container.env ?? []) {
    const value = await variableValue(variable, container, known, context);
    if (value === undefined) continue;
    result.set(variable.name, value);
    known.set(variable.name, value);
  }
  for (const [name, value] of context.services) if (!result.has(name)) result.set(name, value);
  return result;
}

type EnvFrom = NonNullable<Container['envFrom']>[number];

async function addSource(source: EnvFrom, result: Map<string, string>, context: EnvContext): Promise<void> {
  const namespace = context.pod.metadata.namespace ?? '';
  const { configMapRef, secretRef } = source;
  const reference = configMapRef ?? secretRef;
  if (!reference) return;
  const kind = configMapRef ? 'configMap' : 'secret';
  const name = reference.name ?? '';
  const read = configMapRef
    ? context.objects.configMap(namespace, name).then((object) => object.data ?? {})
    : context.objects.secret(namespace, name).then((object) => decodeSecret(object));
  const data = await orMissing(read, reference.optional === true);
  const invalid: string[] = [];
  for (const [key, value] of Object.entries(data ?? {})) {
    const variable = `${source.prefix ?? ''}${key}`;
    if (isEnvVarName(variable).length > 0) invalid.push(variable);
    else result.set(variable, value);
  }
  if (invalid.length > 0) context.invalidNames(kind, `${namespace}/${name}`, invalid.sort());
}

async function variableValue(
  variable: EnvVar,
  container: Container,
  known: ReadonlyMap<string, string>,
  context: EnvContext,
): Promise<string | undefined> {
  if (variable.value) return expandWith(variable.value, known);
  const from = variable.valueFrom;
  if (!from) return '';
  if (from.fieldRef) return fieldValue(from.fieldRef.fieldPath, context);
  if (from.resourceFieldRef) {
    const named = from.resourceFieldRef.containerName;
    const target = named ? containerOfSelector(context.pod, named) : container;
    return resourceFieldValue(from.resourceFieldRef, target, context.allocatable);
  }
  if (from.configMapKeyRef) return keyOf('ConfigMap', from.configMapKeyRef, context);
  if (from.secretKeyRef) return keyOf('Secret', from.secretKeyRef, context);
  return '';
}

interface KeyReference {
  name?: string;
  key: string;
  optional?: boolean;
}

async function keyOf(
  kind: 'ConfigMap' | 'Secret',
  reference: KeyReference,
  { objects, pod }: EnvContext,
): Promise<string | undefined> {
  const namespace = pod.metadata.namespace ?? '';
  const name = reference.name ?? '';
  const optional = reference.optional === true;
  const read =
    kind === 'ConfigMap'
      ? objects.configMap(namespace, name).then((object) => object.data ?? {})
      : objects.secret(namespace, name).then((object) => decodeSecret(object));
  const data = await orMissing(read, optional);
  const value = data?.[reference.key];
  if (value === undefined && !optional) {
    throw new Error(`couldn't find key ${reference.key} in ${kind} ${namespace}/${name}`);
  }
  return value;
}

async function orMissing<T>(read: Promise<T>, optional: boolean): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (optional && isStatusError(error, 'NotFound')) return undefined;
    throw error;
  }
}

function decodeSecret(secret: Secret): Record<string, string> {
  const entries = Object.entries(secret.data ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}
