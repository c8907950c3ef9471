/** Why a container or sandbox could not be started: the reason it waits with, and the message told. */
export class StartError extends Error {
  /** `ErrImagePull`, `CreateContainerConfigError`, `CrashLoopBackOff`, ... */
  readonly reason: string;

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartError';
    this.reason = reason;
  }
}
