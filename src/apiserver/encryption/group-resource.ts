/** A resource by its names, or `*` for any. */
export interface GroupResource {
  readonly group: string;
  readonly plural: string;
}

/** `secrets`, `deployments.apps`, `*.apps`; `*.` is the core group, `*.*` everything (`schema.ParseGroupResource`). */
export function parseGroupResource(text: string): GroupResource {
  const dot = text.indexOf('.');
  return dot < 0 ? { group: '', plural: text } : { group: text.slice(dot + 1), plural: text.slice(0, dot) };
}

/** As a configuration says it. */
export function formatGroupResource({ group, plural }: GroupResource): string {
  return group === '' && plural !== '*' ? plural : `${plural}.${group}`;
}
