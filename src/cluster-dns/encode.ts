import { encode, type Answer, type Packet } from 'dns-packet';

const headerBytes = 12;
/** Where the counts of the sections stand in the header (RFC 1035, 4.1.1). */
const firstCountAt = 6;
/** "The name that stands where the question begins" (RFC 1035, 4.1.4). */
const nameOfQuestion = Buffer.from([0xc0, headerBytes]);

/**
 * Encodes a reply to one question. Records of the name that was asked for refer to the question and do not repeat it, so
 * that three times as many addresses go into one UDP message; dns-packet by itself writes every name out.
 */
export function encodeReply(packet: Packet & { questions: NonNullable<Packet['questions']> }): Buffer {
  const { answers = [], authorities = [], additionals = [], questions } = packet;
  const sections = [answers, authorities, additionals];
  const head = Buffer.from(encode({ ...packet, answers: [], authorities: [], additionals: [] }));
  for (const [at, records] of sections.entries()) head.writeUInt16BE(records.length, firstCountAt + 2 * at);
  const asked = questions[0]?.name;
  return Buffer.concat([head, ...sections.flat().map((record) => encodeRecord(record, asked))]);
}

function encodeRecord(record: Answer, asked: string | undefined): Buffer {
  const bytes = Buffer.from(encode({ type: 'response', answers: [record] })).subarray(headerBytes);
  if (record.name !== asked || bytes[0] === 0) return bytes;
  return Buffer.concat([nameOfQuestion, bytes.subarray(nameBytes(bytes))]);
}

/** How long the name is that a record begins with: labels behind their lengths, and a zero. */
function nameBytes(bytes: Buffer): number {
  let at = 0;
  for (let length = bytes[at] ?? 0; length > 0; length = bytes[at] ?? 0) at += 1 + length;
  return at + 1;
}
