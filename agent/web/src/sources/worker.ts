import type { Agent } from "../engine.ts";
import { spawn } from "../spawn.ts";
import { Probe, State } from "./protocol.ts";

/**
 * Asks a worker what it sees of the browser and tells the agent: a page whose user agent was overridden often forgets
 * its workers. A policy that forbids the worker leaves the agent without this one signal, and nothing else.
 *
 * The worker also tells whether somebody listens to its console: then the error that it writes there becomes a text at
 * once, which `prepareStackTrace` sees.
 */
export function probeWorker(agent: Agent): void {
  try {
    spawn(SOURCE).answer.then(([userAgent, languages, cores, heard]) => {
      agent.worker(userAgent, languages, cores);
      agent.found(Probe.ConsoleHeard, heard ? State.Yes : State.No);
    }).catch(ignore);
  } catch {
    // No Blob, no URL or no Worker here.
  }
}

/** An agent with a fault shows it at the next execute, which reports it. */
function ignore(): void {}

const SOURCE =
  'let h=0;Error.prepareStackTrace=()=>(h=1,"");console.debug(Error());' +
  "postMessage([navigator.userAgent,navigator.languages.join(),navigator.hardwareConcurrency,h])";
