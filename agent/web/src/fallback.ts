/** Why there is no report from the agent. The numbers are sent to the verifier and never change. */
export const enum Reason {
  /** The browser has no WebAssembly (Lockdown Mode, Tor "Safer"). */
  NoWasm = 1,
  /** WebAssembly is there but would not compile: a content security policy, or a browser too old. */
  WasmRefused = 2,
  /** The agent's files did not arrive: a network fault, or a content blocker. */
  NotLoaded = 3,
  /** The agent threw, or could not read the verifier's challenge. */
  Failed = 4,
}

/** The agent cannot report, but the verifier may still be reached. */
export class AgentFailure {
  constructor(readonly reason: Reason) {}
}

/** The report of a page without an agent: a zero byte, the reason, the action, which is ASCII. */
export function plainReport(reason: Reason, action: string): Uint8Array {
  return new TextEncoder().encode("\0" + String.fromCharCode(reason) + action);
}

/**
 * What `execute` resolves to when the verifier cannot be reached. Nothing seals it: it assesses as invalid with the
 * cause BROWSER_ERROR. 128 characters, since some libraries refuse tokens below 100.
 */
export const BROWSER_ERROR_TOKEN = "touchstone-browser-error-".padEnd(128, "-");
