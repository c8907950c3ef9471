import pino, { type DestinationStream } from 'pino';

type Fields = Record<string, unknown>;

/** A structured log: fields first, then a short message. `error` fields are written with message, stack and cause. */
export interface Logger {
  debug(fields: Fields, message: string): void;
  info(fields: Fields, message: string): void;
  warn(fields: Fields, message: string): void;
  error(fields: Fields, message: string): void;
  /** A log whose lines all carry these fields. */
  child(fields: Fields): Logger;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** A log that writes one JSON line a decision to `destination` (default: standard output). */
export function createLogger(options: { level?: LogLevel; destination?: DestinationStream } = {}): Logger {
  return pino(
    {
      level: options.level ?? 'info',
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.errWithCause },
    },
    options.destination ?? standardOutput(),
  );
}

/** How much may wait to be written; what comes beyond it is dropped. */
const maxWaitingBytes = 1024 * 1024;

/** Where a full disk keeps lines from being written they wait for the next one: a log must not end what it tells of. */
function standardOutput(): DestinationStream {
  const destination = pino.destination({ sync: false, maxLength: maxWaitingBytes });
  destination.on('error', () => {});
  return destination;
}

/** A log that says nothing. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLogger,
};
