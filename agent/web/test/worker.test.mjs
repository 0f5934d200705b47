import assert from "node:assert/strict";
import { test } from "node:test";
import { bundle } from "./built.mjs";

const SOURCE = await bundle("sources/worker", "esm");

/** Probes for two agents of one page, and returns the addresses that workers were started from. */
async function probeTwice(trustedTypes) {
  const started = [];
  globalThis.window = { trustedTypes };
  globalThis.Worker = class {
    constructor(address) {
      started.push(String(address).replace(/:.*/, ""));
    }
  };
  // A module of its own for every test.
  const own = `${SOURCE}\n// ${Math.random()}`;
  const { probeWorker } = await import("data:text/javascript;base64," + Buffer.from(own).toString("base64"));
  probeWorker({ worker() {}, found() {} });
  probeWorker({ worker() {}, found() {} });
  return started;
}

test("without Trusted Types a worker starts from its plain address", async () => {
  assert.deepEqual(await probeTwice(undefined), ["blob", "blob"]);
});

test("with Trusted Types the address comes from one policy", async () => {
  const names = [];
  const createPolicy = (name, { createScriptURL }) => {
    names.push(name);
    return { createScriptURL: (address) => ({ toString: () => "trusted-" + createScriptURL(address) }) };
  };
  assert.deepEqual(await probeTwice({ createPolicy }), ["trusted-blob", "trusted-blob"]);
  assert.deepEqual(names, ["touchstone"]);
});

test("a page that refuses the policy is asked once, and no worker starts", async () => {
  let asked = 0;
  const createPolicy = () => {
    asked++;
    throw new TypeError("refused");
  };
  assert.deepEqual(await probeTwice({ createPolicy }), []);
  assert.equal(asked, 1);
});
