// Sealing a report as the agent does, and taking envelopes apart: AES-256-GCM under the key that the challenge gave.

import { createCipheriv, randomBytes } from "node:crypto";
import { Writer } from "./report.mjs";

/** The session's key and its sealed copy, out of the session endpoint's answer. What follows them is left aside. */
export function readChallenge(bytes) {
  const [lifetime, after] = numberAt(bytes, 33);
  const [length, start] = numberAt(bytes, after + 1);
  return { key: bytes.subarray(1, 33), lifetime, session: bytes.subarray(start, start + length) };
}

export function seal({ key, session }, report, { action, counter = 0 }) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(additionalData(session, action, counter));
  const sealed = Buffer.concat([cipher.update(report), cipher.final(), cipher.getAuthTag()]);
  const out = new Writer(1);
  out.sized(session);
  out.sized(Buffer.from(action));
  out.byte(counter);
  out.raw(nonce);
  out.sized(sealed);
  return out.bytes();
}

/** The parts of an envelope: what is before the sealed session, the session, and the rest. */
export function partsOf(envelope) {
  const [length, start] = numberAt(envelope, 1);
  return { head: envelope.subarray(0, start), session: envelope.subarray(start, start + length), rest: envelope.subarray(start + length) };
}

function additionalData(session, action, counter) {
  const parts = [Buffer.from("touchstone envelope 1"), session, Buffer.from(action)];
  const sized = parts.flatMap((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return [length, part];
  });
  return Buffer.concat([...sized, Buffer.of(counter)]);
}

/** A varint, and where the next thing begins. */
function numberAt(bytes, start) {
  let [value, at] = [0, start];
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
}
