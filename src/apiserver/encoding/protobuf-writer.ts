/** The few pieces of protobuf's wire format that the envelope of lists and watch events need. */

/** A field of bytes: its key with the length, and the bytes as they are, so that large ones are not copied twice. */
export function lengthDelimited(field: number, bytes: Uint8Array): [Buffer, Uint8Array] {
  return [lengthHead(field, bytes.length), bytes];
}

/** What stands before `length` bytes of a field. */
export function lengthHead(field: number, length: number): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(length)]);
}

export function stringField(field: number, text: string): Buffer {
  return Buffer.concat(lengthDelimited(field, Buffer.from(text)));
}

export function varintField(field: number, value: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
