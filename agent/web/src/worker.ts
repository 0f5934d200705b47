import type { Agent } from "./engine.ts";

/**
 * Asks a worker what it sees of the browser and tells the agent: a page whose user agent was overridden often forgets
 * its workers. A policy that forbids the worker leaves the agent without this one signal, and nothing else.
 */
export function probeWorker(agent: Agent): void {
  try {
    const url = URL.createObjectURL(new Blob([SOURCE], { type: "text/javascript" }));
    const end = () => URL.revokeObjectURL(url);
    try {
      const worker = new Worker(trusted(url));
      const close = () => {
        worker.terminate();
        end();
      };
      worker.onerror = (event) => {
        event.preventDefault();
        close();
      };
      worker.onmessage = ({ data }) => {
        close();
        try {
          agent.worker(data[0], data[1], data[2]);
        } catch {
          // An agent with a fault shows it at the next execute, which reports it.
        }
      };
    } catch {
      end();
    }
  } catch {
    // No Blob, no URL or no Worker here.
  }
}

/**
 * The address in the form that `require-trusted-types-for` demands. Whether a page demands it cannot be asked, and a
 * plain address would leave an error in its console. A page that lists the names of policies must allow this one.
 *
 * @throws where it does not
 */
function trusted(url: string): string {
  const { trustedTypes } = window as { trustedTypes?: PolicyFactory };
  if (!trustedTypes) return url;
  if (!asked) {
    asked = true;
    policy = trustedTypes.createPolicy("touchstone", { createScriptURL: (address) => address });
  }
  return policy!.createScriptURL(url);
}

/** The part of Trusted Types used here. What a policy returns stands for the string it was given. */
interface PolicyFactory {
  createPolicy(name: string, rules: Policy): Policy;
}

interface Policy {
  createScriptURL(address: string): string;
}

/** Once for all agents: a page may refuse a second policy of the same name, and every refusal shows in its console. */
let asked = false;
let policy: Policy | undefined;

const SOURCE = "postMessage([navigator.userAgent,navigator.languages.join(),navigator.hardwareConcurrency])";
