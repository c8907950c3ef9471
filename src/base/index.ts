/**
 * The ground that all rooms stand on: time, randomness, logs, errors, queues, files and processes.
 * No Kubernetes word in here. A component is handed a `Clock`, a `Random` and a `Logger`; it never reaches for the
 * machine's own, so that a whole cluster can run under a virtual clock and a seed.
 */
export { runAll, type Component } from './component.ts';
export { sleepWith, systemClock, type Clock, type Timer } from './clock.ts';
export { VirtualClock } from './virtual-clock.ts';
export { randomInt, randomSuffix, randomUuid, seededRandom, systemRandom, type Random } from './random.ts';
export { createLogger, silentLogger, type Logger, type LogLevel } from './log.ts';
export { Pace } from './pace.ts';
export { Turns } from './turns.ts';
export { AsyncQueue } from './async-queue.ts';
export { execute, ProcessError, runProcess, type ProcessOptions, type ProcessResult } from './process.ts';
export { lockHolder, lockOrThrow, tryLock, waitForLock, type FileLock } from './file-lock.ts';
export { hasCode, readTextIfExists, writeFileAtomic } from './files.ts';
export { KeyedMutex } from './keyed-mutex.ts';
export { untilAborted } from './until-aborted.ts';
export { assert, messageOf } from './errors.ts';
export { findCgroups, type Cgroups } from './cgroups.ts';
export { compareText } from './compare-text.ts';
export { deepFreeze } from './deep-freeze.ts';
