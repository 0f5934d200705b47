// What an arm asks for, and whether this machine has it.

import { execFile } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CHROMIUM } from "../../harness/chromium.mjs";

export const HOME = fileURLToPath(new URL("..", import.meta.url));
/** The Python of the tools' own virtual environment. */
export const PYTHON = join(HOME, ".venv/bin/python");

/** What is missing of `needs`, in words for a reader; null if nothing is. */
export async function missing(needs) {
  for (const need of needs) {
    const reason = await (cache[need] ??= look(need));
    if (reason) return reason;
  }
  return null;
}

/** A program by name: in the tools' own folder, or on the path; undefined if it is nowhere. */
export function program(name) {
  const folders = [join(HOME, ".tools/bin"), ...(process.env.PATH ?? "").split(delimiter)];
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

/** Firefox, the extended support release by preference: it is the one that Debian ships. */
export const firefox = () => program("firefox-esr") ?? program("firefox");

async function look(need) {
  const [kind, name] = need.split(/:(.*)/);
  switch (kind) {
    case "chromium":
      return CHROMIUM ? null : "there is no Chromium";
    case "firefox":
      return firefox() ? null : "there is no Firefox";
    case "npm":
      return resolves(name) ? null : `the npm package ${name} is not installed`;
    case "pip":
      return importable(name);
    default:
      return program(kind) ? null : `there is no program ${kind}`;
  }
}

function resolves(name) {
  try {
    createRequire(join(HOME, "run.mjs")).resolve(name);
    return true;
  } catch (error) {
    // A package that may only be imported is there all the same.
    return error.code === "ERR_PACKAGE_PATH_NOT_EXPORTED";
  }
}

async function importable(module) {
  if (!existsSync(PYTHON)) return "there is no virtual environment of Python";
  const code = `import importlib.util,sys; sys.exit(importlib.util.find_spec(${JSON.stringify(module)}) is None)`;
  return promisify(execFile)(PYTHON, ["-c", code]).then(
    () => null,
    () => `the Python package ${module} is not installed`,
  );
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const cache = {};
