import type { TLSSocket } from 'node:tls';

/** Who asks, by the client certificate. */
export interface Caller {
  readonly name: string;
  readonly groups: readonly string[];
}

/** Whether a caller may use the kubelet's API. */
export type Authorize = (caller: Caller) => boolean;

/** The user of the certificate with which the API server calls kubelets, as kubeadm names it. */
export const apiServerUser = 'kube-apiserver-kubelet-client';

/** Allows administrators and the API server. */
export const defaultAuthorize: Authorize = ({ name, groups }) =>
  groups.includes('system:masters') || name === apiServerUser;

/** The caller of a connection; undefined without a certificate of our CA. */
export function callerOf(socket: TLSSocket): Caller | undefined {
  if (!socket.authorized) return undefined;
  const { subject } = socket.getPeerCertificate();
  const name = subject?.CN;
  if (typeof name !== 'string' || name === '') return undefined;
  const organizations: string | string[] | undefined = subject.O;
  const groups = organizations === undefined ? [] : [organizations].flat();
  return { name, groups };
}
