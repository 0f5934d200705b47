import type { Spawned } from "./spawn.ts";

// The proof of work: a file of its own, which a page loads only when a challenge names a price. What is proven is described
// at `Payment` in protocol/src/payment.rs.

/** What {@link search} has found so far. */
export interface Found {
  /** The answers of the rounds that are done. */
  answers: number[];
  /** Where the round under way goes on. */
  next: number;
}

/**
 * The envelope with the proof in front, as it is posted. It takes little more than {@link HARD_MS}: a device that has not
 * solved all rounds after {@link SOFT_MS} gives what it has, of which the verifier takes a quarter for enough.
 *
 * @param price the number of hashes that the proof takes on average
 * @param spawn starts a worker; without one, or where it fails, the work is done here, a few milliseconds at a time
 */
export async function pay(envelope: Uint8Array, price: number, spawn?: (source: string) => Spawned): Promise<Uint8Array> {
  const digest = [...digestOf(envelope)];
  const bound = Math.floor((2 ** 32 * ROUNDS) / price);
  const found: Found = { answers: [], next: 0 };
  const limits = [ROUNDS, LEAST_ROUNDS, SOFT_MS, HARD_MS] as const;
  let done: Found | undefined;
  if (spawn) {
    try {
      const call = [digest, bound, found, ...limits].map((value) => JSON.stringify(value)).join();
      const worker = spawn(`postMessage((${search})(${createCompress},${call}))`);
      const late = setTimeout(worker.end, WORKER_MS);
      done = await Promise.race([worker.answer, new Promise<undefined>((resolve) => setTimeout(resolve, WORKER_MS))]);
      clearTimeout(late);
    } catch {
      // A policy forbids it.
    }
  }
  if (!done) {
    await inSlices(digest, bound, found);
    done = found;
  }
  return payment(done.answers, envelope);
}

/** Searches here, between the other tasks of the page. */
async function inSlices(digest: number[], bound: number, found: Found): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const started = performance.now();
  for (;;) {
    search(createCompress, digest, bound, found, ROUNDS, ROUNDS, 0, SLICE_MS);
    const spent = performance.now() - started;
    const { length } = found.answers;
    if (length === ROUNDS || spent >= HARD_MS || (spent >= SOFT_MS && length >= LEAST_ROUNDS)) break;
    // A task of its own without the delay that nested timers get.
    await new Promise((resolve) => {
      port1.onmessage = resolve;
      port2.postMessage(0);
    });
  }
  port1.close();
}

/**
 * Goes on searching until all rounds are done, `hard` milliseconds have passed, or `soft` with at least `least` rounds.
 * Its text is run in a worker, too: it uses nothing from outside.
 */
export function search(
  create: typeof createCompress,
  digest: number[],
  bound: number,
  found: Found,
  rounds: number,
  least: number,
  soft: number,
  hard: number,
): Found {
  const compress = create();
  const started = performance.now();
  const words = new Int32Array(64);
  const out = new Int32Array(8);
  while (found.answers.length < rounds) {
    const passed = performance.now() - started;
    if (passed >= hard || (passed >= soft && found.answers.length >= least)) break;
    for (let tries = 0; tries < 32 && found.answers.length < rounds; tries++) {
      words.set(digest);
      words[8] = found.answers.length;
      words[9] = found.next;
      // The padding of 40 bytes.
      words[10] = 1 << 31;
      words.fill(0, 11, 15);
      words[15] = 320;
      compress(words, out, true);
      if (out[0]! >>> 0 < bound) {
        found.answers.push(found.next);
        found.next = 0;
      } else found.next++;
    }
  }
  return found;
}

/** SHA-256's compression of one block (FIPS 180-4, section 6.2.2), its constants computed. Uses nothing from outside. */
export function createCompress(): (words: Int32Array, state: Int32Array, first: boolean) => void {
  const start = new Int32Array(8);
  const constants = new Int32Array(64);
  let count = 0;
  for (let candidate = 2; count < 64; candidate++) {
    let divisor = 2;
    while (candidate % divisor) divisor++;
    if (divisor < candidate) continue;
    if (count < 8) start[count] = (candidate ** (1 / 2) % 1) * 2 ** 32;
    constants[count++] = (candidate ** (1 / 3) % 1) * 2 ** 32;
  }
  return (w, state, first) => {
    if (first) state.set(start);
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15]!;
      const y = w[i - 2]!;
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
    }
    let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
    let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + constants[i]! + w[i]!) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    state[0]! += a;
    state[1]! += b;
    state[2]! += c;
    state[3]! += d;
    state[4]! += e;
    state[5]! += f;
    state[6]! += g;
    state[7]! += h;
  };
}

/** The SHA-256 of bytes, as eight words. */
export function digestOf(bytes: Uint8Array): Int32Array {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, bytes.length * 8);
  const compress = createCompress();
  const words = new Int32Array(64);
  const state = new Int32Array(8);
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 16; i++) words[i] = view.getInt32(block + 4 * i);
    compress(words, state, !block);
  }
  return state;
}

/** The wire form of `Payment`. */
function payment(answers: number[], envelope: Uint8Array): Uint8Array {
  const head = [MARK, answers.length];
  for (let answer of answers) {
    for (; answer > 127; answer = Math.floor(answer / 128)) head.push((answer % 128) | 128);
    head.push(answer);
  }
  const bytes = new Uint8Array(head.length + envelope.length);
  bytes.set(head);
  bytes.set(envelope, head.length);
  return bytes;
}

const MARK = 255;
const ROUNDS = 32;
/** What the verifier takes from a slow device. */
const LEAST_ROUNDS = 8;
const SOFT_MS = 160;
const HARD_MS = 220;
/** The clock is looked at every 32 hashes, so that a slice ends before 5 ms also on a slow device. */
const SLICE_MS = 2;
/** For a worker that starts slowly. One that never does, does not keep the page from its token. */
const WORKER_MS = 250;
