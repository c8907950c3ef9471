/** The pieces of HTTP/2's framing (RFC 9113) that a client needs. */

export const frameType = {
  data: 0,
  headers: 1,
  resetStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const flag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

export const setting = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
} as const;

/** What either side may assume before it has heard the other's settings. */
export const initially = { windowSize: 65_535, maxFrameSize: 16_384 } as const;

export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

export const frameHeaderBytes = 9;

/** The nine bytes in front of a frame's payload. */
export function frameHeader(type: number, flags: number, stream: number, length: number): Buffer {
  const header = Buffer.allocUnsafe(frameHeaderBytes);
  header.writeUIntBE(length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(stream, 5);
  return header;
}

export function settingsFrame(values: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(values.length * 6);
  for (const [at, [id, value]] of values.entries()) {
    payload.writeUInt16BE(id, at * 6);
    payload.writeUInt32BE(value, at * 6 + 2);
  }
  return Buffer.concat([frameHeader(frameType.settings, 0, 0, payload.length), payload]);
}

/** The settings in a frame's payload. */
export function* settingsOf(payload: Buffer): Generator<[id: number, value: number]> {
  for (let at = 0; at + 6 <= payload.length; at += 6) yield [payload.readUInt16BE(at), payload.readUInt32BE(at + 2)];
}

/** Lets the other side send `bytes` more; on stream 0, over all streams together. */
export function windowUpdate(stream: number, bytes: number): Buffer {
  return numberFrame(frameType.windowUpdate, stream, bytes);
}

/** Calls a stream off. */
export function resetStream(stream: number, code: number): Buffer {
  return numberFrame(frameType.resetStream, stream, code);
}

function numberFrame(type: number, stream: number, value: number): Buffer {
  const frame = Buffer.concat([frameHeader(type, 0, stream, 4), Buffer.alloc(4)]);
  frame.writeUInt32BE(value, frameHeaderBytes);
  return frame;
}
