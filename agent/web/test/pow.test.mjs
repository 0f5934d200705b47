import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { load } from "./built.mjs";

const { pay, digestOf, search, createCompress } = await load("pow");
const ROUNDS = 32;

/** Reads a payment's answers and checks them as the verifier does; returns how many hold, and the envelope behind them. */
function check(payment, price) {
  let at = 1;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = payment[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  assert.equal(payment[0], 255);
  const answers = Array.from({ length: number() }, number);
  const envelope = payment.subarray(at);
  const digest = createHash("sha256").update(envelope).digest();
  const bound = Math.floor((2 ** 32 * ROUNDS) / price);
  const holds = (answer, round) => {
    const words = Buffer.alloc(8);
    words.writeUInt32BE(round);
    words.writeUInt32BE(answer, 4);
    return createHash("sha256").update(digest).update(words).digest().readUInt32BE() < bound;
  };
  assert.ok(answers.every(holds));
  return { solved: answers.length, envelope };
}

const envelope = (length = 3_000) => Uint8Array.from({ length }, (_, i) => i * 7 + length);

test("the digest is SHA-256 at every length around a block's end", () => {
  for (const length of [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 128, 5_000]) {
    const bytes = envelope(length);
    const digest = Buffer.from(digestOf(bytes).buffer).swap32().toString("hex");
    assert.equal(digest, createHash("sha256").update(bytes).digest("hex"), `${length} bytes`);
  }
});

test("a payment holds every round and the envelope as it was", async () => {
  const payment = await pay(envelope(), 640);
  assert.deepEqual(check(payment, 640), { solved: ROUNDS, envelope: envelope() });
});

test("the answers are those of the verifier's own test", () => {
  const digest = [...digestOf(Buffer.from("touchstone"))];
  const found = { answers: [], next: 0 };
  search(createCompress, digest, Math.floor((2 ** 32 * ROUNDS) / 1_024), found, 4, 4, 0, 10_000);
  assert.deepEqual(found.answers, [11, 5, 9, 12]);
});

test("a worker that is refused or silent leaves the work to slices", async () => {
  const refused = () => {
    throw new Error("policy");
  };
  const failed = () => ({ answer: Promise.reject(), end() {} });
  let ended = 0;
  const silent = () => ({ answer: new Promise(() => {}), end: () => ended++ });
  for (const spawn of [refused, failed, silent]) {
    assert.equal(check(await pay(envelope(), 640, spawn), 640).solved, ROUNDS);
  }
  assert.equal(ended, 1);
});

test("a worker runs the text it is given and its answer is used", async () => {
  const spawn = (source) => ({
    answer: new Promise((postMessage) => new Function("postMessage", source)(postMessage)),
    end() {},
  });
  assert.equal(check(await pay(envelope(), 640, spawn), 640).solved, ROUNDS);
});

test("slices end within 5 ms, and a device that is too slow gives up", async (context) => {
  // A device on which 32 hashes take 1.5 ms, about twenty times as slow as a desktop.
  let now = 0;
  context.mock.method(performance, "now", () => (now += 1.5));
  const slices = [];
  let since = 0;
  const { MessageChannel } = globalThis;
  globalThis.MessageChannel = class {
    port1 = { close() {} };
    port2 = {
      postMessage: () => {
        slices.push(now - since);
        since = now;
        queueMicrotask(() => this.port1.onmessage());
      },
    };
  };
  try {
    const { solved } = check(await pay(envelope(), 2 ** 30), 2 ** 30);
    assert.ok(solved < ROUNDS / 4);
    assert.ok(now >= 220 && now < 250 * 2, `${now} ms`);
  } finally {
    globalThis.MessageChannel = MessageChannel;
  }
  assert.ok(slices.length > 30);
  // Two looks at the clock of a slice belong to this test's clock alone: it moves with every look.
  assert.ok(Math.max(...slices) <= 5 + 2 * 1.5, `${Math.max(...slices)} ms`);
});
