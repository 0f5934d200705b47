import type { Agent } from "../engine.ts";
import { Probe, State } from "./protocol.ts";

/**
 * Whether the browser's client hints lack its version, as those of a browser do whose user agent was overridden. Tells the
 * agent yes or no; the hints themselves go nowhere.
 */
export function readHints(agent: Agent): void {
  const { userAgentData } = navigator as { userAgentData?: Hints };
  const found = (state: State) => agent.found(Probe.HintsEmpty, state);
  if (!userAgentData) return found(State.Unsupported);
  try {
    userAgentData
      .getHighEntropyValues(["fullVersionList"])
      .then(({ fullVersionList: list }) => found(!list ? State.Unsupported : list.length ? State.No : State.Yes))
      .catch(() => {});
  } catch {
    // Replaced by the page, or withheld: no state, no signal.
  }
}

/** The part of User-Agent Client Hints used here. */
interface Hints {
  getHighEntropyValues(names: string[]): Promise<{ fullVersionList?: unknown[] }>;
}
