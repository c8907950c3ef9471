/**
 * The first versions whose members answer a request for progress only when everything was told. Earlier ones may
 * answer before, and then a reader takes the past for the present (`storage/feature/feature_support_checker.go`).
 */
const first = [
  [3, 4, 31],
  [3, 5, 13],
] as const;

/** Whether a member of this version can be asked for progress. */
export function answersProgress(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  if (major !== 3) return major > 3;
  const fixed = first.find((one) => one[1] === minor);
  return fixed ? patch >= fixed[2] : minor > 5;
}
