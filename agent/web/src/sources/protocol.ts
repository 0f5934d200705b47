// The numbers of the protocol (protocol/src/environment.rs) that sources of the page's own script use.

export const enum Probe {
  LayoutMissing = 18,
  HintsEmpty = 19,
  ConsoleHeard = 20,
  PlatformMismatch = 21,
}

export const enum State {
  No = 1,
  Yes = 2,
  Unsupported = 3,
  Failed = 4,
}

export const enum Measure {
  Box0 = 12,
}
