import type { Agent } from "../engine.ts";
import { Probe, State } from "./protocol.ts";

/**
 * Whether `navigator.platform` and the user agent name the same kind of operating system. Android is a Linux, and an iPad
 * that asks for desktop pages a Mac: both name themselves so in both places.
 */
export function readPlatform(agent: Agent): void {
  const platform = /^(Win|Lin|Mac)/.exec(navigator.platform);
  const named = /Win(?=dows NT)|Lin(?=ux)|Mac(?=intosh)/.exec(navigator.userAgent);
  agent.found(
    Probe.PlatformMismatch,
    !platform || !named ? State.Unsupported : platform[0] === named[0] ? State.No : State.Yes,
  );
}
