/**
 * Starts a worker from its source text. A failure inside it shows nothing in the console.
 *
 * @throws where a policy of the page, or the browser, allows none; a policy may also show as the worker's error
 */
export function spawn(source: string): Spawned {
  if (refused) throw refused;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    const worker = new Worker(trusted(url));
    const end = () => {
      worker.terminate();
      URL.revokeObjectURL(url);
    };
    const answer = new Promise<any>((resolve, reject) => {
      worker.onerror = (event) => {
        event.preventDefault();
        reject((refused = true));
      };
      worker.onmessage = ({ data }) => resolve(data);
    });
    answer.then(end, end);
    return { answer, end };
  } catch (failure) {
    URL.revokeObjectURL(url);
    refused = true;
    throw failure;
  }
}

/** A worker under way. */
export interface Spawned {
  /** The first message from it. The worker ends with it, and with an error. */
  answer: Promise<any>;
  end(): void;
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

/** A page that refuses workers says so in its console each time it is asked. */
let refused = false;
/** Once for all agents: a page may refuse a second policy of the same name, and every refusal shows in its console. */
let asked = false;
let policy: Policy | undefined;
