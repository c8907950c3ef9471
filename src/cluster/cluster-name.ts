/** Whether a name is fit for a folder, a link and a context: a DNS label of at most 30 characters. */
export function isClusterName(name: string): boolean {
  return /^[a-z0-9]([-a-z0-9]{0,28}[a-z0-9])?$/.test(name);
}

/** Throws with what a name should be. */
export function checkClusterName(name: string): void {
  if (isClusterName(name)) return;
  throw new Error(
    `"${name}" cannot name a cluster: use lower-case letters, digits and "-", at most 30, for example "dev"`,
  );
}
