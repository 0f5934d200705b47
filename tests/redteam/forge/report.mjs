// A report in the agent's wire format, written by hand: what anybody can do who has read `protocol/`.

/**
 * Encodes a report as `touchstone_protocol::Report` shows itself in JSON, plus `userAgentHash`. Flags of keys are numbers.
 *
 * @returns the bytes that go into an envelope
 */
export function encodeReport({ sealedAt, startedAt, environment, userAgentHash, counters, pointer, keys, other }) {
  const out = new Writer(REPORT_VERSION);
  out.number(sealedAt);
  out.number(startedAt);
  writeEnvironment(out, environment, userAgentHash);
  for (const name of COUNTERS) out.number(counters[name] ?? 0);
  writePointer(out, pointer);
  out.column(steps(keys), (at) => out.number(at));
  out.column(keys, ({ hold }) => out.number(hold === null ? 0 : hold + 1));
  out.column(keys, (key) => out.byte(KEY_CLASSES.indexOf(key.class)));
  out.column(keys, ({ flags }) => out.byte(flags));
  out.column(steps(other), (at) => out.number(at));
  out.column(other, ({ kind }) => out.byte(OTHER_KINDS.indexOf(kind)));
  out.column(other, ({ a }) => out.signed(a));
  out.column(other, ({ b }) => out.signed(b));
  return out.bytes();
}

/** FNV-1a of 64 bits, with which a report names its user agent. */
export function fnv1a64(text) {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

/** postcard's wire format: LEB128 varints, zigzag for signed numbers, lengths in front. */
export class Writer {
  #bytes;

  constructor(version) {
    this.#bytes = [version];
  }

  byte(value) {
    this.#bytes.push(value);
  }

  raw(bytes) {
    for (const byte of bytes) this.#bytes.push(byte);
  }

  number(value) {
    let rest = BigInt(value);
    for (; rest >= 0x80n; rest >>= 7n) this.#bytes.push(Number(rest & 0x7fn) | 0x80);
    this.#bytes.push(Number(rest));
  }

  signed(value) {
    this.number(((value << 1) ^ (value >> 31)) >>> 0);
  }

  sized(bytes) {
    this.number(bytes.length);
    this.raw(bytes);
  }

  column(items, write) {
    this.number(items.length);
    items.forEach(write);
  }

  bytes() {
    return Buffer.from(this.#bytes);
  }
}

function writeEnvironment(out, environment, userAgentHash) {
  const last = (names, absent) => names.findLastIndex((name) => environment[name] !== undefined && environment[name] !== absent) + 1;
  out.column(PROBES.slice(0, last(PROBES, "unmeasured")), (name) => out.byte(STATES.indexOf(environment[name] ?? "unmeasured")));
  out.column(MEASURES.slice(0, last(MEASURES, null)), (name) => {
    const value = environment[name] ?? null;
    out.byte(value === null ? 0 : 1);
    if (value !== null) out.signed(value);
  });
  out.number(userAgentHash);
  out.sized(Buffer.from(environment.languages));
}

function writePointer(out, pointer) {
  out.column(steps(pointer), (at) => out.number(at));
  out.column(shifts(pointer, "x"), (x) => out.signed(x));
  out.column(shifts(pointer, "y"), (y) => out.signed(y));
  out.column(pointer, (sample) => {
    const flags = (sample.offGrid ? 32 : 0) | (sample.shifted ? 64 : 0) | (sample.held ? 128 : 0);
    out.byte(POINTER_KINDS.indexOf(sample.kind) | (DEVICES.indexOf(sample.device) << 3) | flags);
  });
  out.column(pointer, ({ coalesced }) => out.byte(coalesced));
  out.column(pointer, ({ latency }) => out.byte(latency));
  const detailed = pointer.filter(({ kind, device }) => kind !== "move" || device !== "mouse");
  out.column(detailed, ({ pressure }) => out.byte(pressure));
  out.column(detailed, ({ contact }) => out.byte(contact));
  out.column(
    pointer.filter(({ kind }) => kind === "down"),
    ({ press }) => {
      out.byte(press ? 1 : 0);
      if (!press) return;
      out.signed(press.dx);
      out.signed(press.dy);
      out.number(press.width);
      out.number(press.height);
    },
  );
}

/** Times as differences to the sample before. */
function steps(samples) {
  let last = 0;
  return samples.map(({ at }) => {
    const step = Math.max(0, at - last);
    last = Math.max(last, at);
    return step;
  });
}

function shifts(samples, axis) {
  let last = 0;
  return samples.map((sample) => {
    const shift = sample[axis] - last;
    last = sample[axis];
    return shift;
  });
}

const REPORT_VERSION = 1;
const STATES = ["unmeasured", "no", "yes", "unsupported", "failed"];
const COUNTERS = ["moves", "rawUpdates", "untrusted", "typed", "pointerDropped", "keysDropped", "otherDropped"];
const POINTER_KINDS = ["move", "down", "up", "cancel", "enter", "leave"];
const DEVICES = ["mouse", "pen", "touch", "unknown"];
const KEY_CLASSES = ["letter", "digit", "punctuation", "space", "erase", "enter", "modifier", "navigation", "other", "unidentified"];
const OTHER_KINDS = ["wheel", "scroll", "focus", "blur", "visible", "hidden", "windowFocus", "windowBlur", "paste", "copy", "drop", "input", "click", "resize", "submit", "pageShow"];
const PROBES = [
  "webdriver",
  "frame-webdriver",
  "headless-agent",
  "worker-headless",
  "driver-globals",
  "native-patched",
  "webdriver-patched",
  "frame-mismatch",
  "worker-mismatch",
  "any-pointer-fine",
  "any-pointer-coarse",
  "any-hover",
  "reduced-motion",
  "coalesced-events",
  "raw-updates",
  "secure-context",
  "framed",
  "chrome-object",
];
const MEASURES = [
  "pixel-ratio",
  "inner-width",
  "inner-height",
  "outer-width",
  "outer-height",
  "screen-width",
  "screen-height",
  "touch-points",
  "processors",
  "time-zone-offset",
  "scrollbar",
  "clock-step",
];
