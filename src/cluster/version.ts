import packageFile from '../../package.json' with { type: 'json' };

/** What this is, and the version of Kubernetes that it follows. */
export const version = { kedge: packageFile.version, kubernetes: 'v1.36.0' } as const;
