/** The class of storage as it was told before there was a field for it. */
export const betaClass = 'volume.beta.kubernetes.io/storage-class';

interface Storage {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: { readonly storageClassName?: string };
}

/** The class of a volume or a claim; empty where none is wanted, undefined where none is told (`pkg/apis/core/helper`). */
export function storageClassOf({ metadata, spec }: Storage): string | undefined {
  return metadata.annotations?.[betaClass] ?? spec.storageClassName;
}
