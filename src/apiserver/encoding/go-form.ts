import { fromGoForm, goForm, goFormButLists, type KubeObject } from '#machinery';
import { messageOfKind } from './kinds.ts';

/** An object as it leaves in JSON or YAML: with `null` where Go has nothing to write. Itself, mostly. */
export function inGoForm<T extends object>(object: T): T {
  const { apiVersion = '', kind = '' } = object as Partial<KubeObject>;
  const message = messageOfKind(apiVersion, kind);
  return message ? goForm(message, object) : object;
}

/** The JSON of an object in Go's form. */
export function goFormText(object: KubeObject): string {
  const message = messageOfKind(object.apiVersion ?? '', object.kind ?? '');
  if (!message) return JSON.stringify(object);
  const text = JSON.stringify(goFormButLists(message, object));
  return text.includes('[]') ? JSON.stringify(goForm(message, object)) : text;
}

/** The object of a text in Go's form. */
export function parseGoForm(text: string): KubeObject {
  const object = JSON.parse(text) as KubeObject;
  const message = text.includes('null') && messageOfKind(object.apiVersion ?? '', object.kind ?? '');
  if (message) fromGoForm(message, object);
  return object;
}
