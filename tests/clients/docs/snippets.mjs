// The fenced snippets of a document, and how each is run against a verifier.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { PYTHON } from "../python/python.mjs";

/**
 * The snippets whose fence says what they are, such as "```html after", in their order.
 *
 * @returns of each: the `section` that it stands in, `language`, `moment` (before or after), and `code`
 */
export function snippetsOf(markdown) {
  const snippets = [];
  let section, open;
  for (const line of markdown.split("\n")) {
    if (open && line === "```") open = undefined;
    else if (open) open.code += `${line}\n`;
    else if (line.startsWith("## ")) section = line.slice(3);
    else if (line.startsWith("```")) {
      const [language, moment] = line.slice(3).split(" ");
      open = { section, language, moment, code: "" };
      snippets.push(open);
    }
  }
  return snippets.filter(({ moment }) => moment);
}

/** Puts the stage's verifier and a key of it into a snippet. The stage serves TLS, as a real verifier does. */
export function prepared({ code }, stage, siteKey) {
  return code
    .replaceAll("SITE_KEY", siteKey)
    .replaceAll("https://verifier.example", stage.verifier.origin)
    .replaceAll('"verifier.example", port: 443', `"localhost", port: ${stage.port}`)
    .replaceAll("verifier.example:443", `localhost:${stage.port}`);
}

/** Runs a backend's snippet for a token; resolves to what its `passes` returns, or to what curl printed. */
export async function run({ language }, code, token, { authority, verifier }, secret) {
  const { command, ending } = RUNNERS[language];
  const folder = mkdtempSync(join(tmpdir(), "touchstone-snippet-"));
  const file = join(folder, `snippet.${language === "js" ? "cjs" : language}`);
  writeFileSync(file, code + ending);
  const ca = authority.ca;
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    NODE_PATH: fileURLToPath(new URL("../node_modules", import.meta.url)),
    TOKEN: token,
    RECAPTCHA_API_KEY: verifier.apiKey,
    ...{ RECAPTCHA_SECRET: secret, TURNSTILE_SECRET: secret, HCAPTCHA_SECRET: secret },
    ...{ NODE_EXTRA_CA_CERTS: ca, REQUESTS_CA_BUNDLE: ca, CURL_CA_BUNDLE: ca, GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: ca },
  };
  try {
    const { stdout } = await promisify(execFile)(command, [file], { env, timeout: 20_000 });
    const answer = JSON.parse(stdout);
    return language === "bash" ? (answer.success ?? answer.tokenProperties.valid) : answer;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const NODE_22 = fileURLToPath(new URL(`../node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url));

const RUNNERS = {
  bash: { command: "bash", ending: "" },
  js: { command: NODE_22, ending: "\npasses(process.env.TOKEN).then((passed) => console.log(JSON.stringify(passed)));\n" },
  python: { command: PYTHON, ending: '\nimport json\nprint(json.dumps(passes(os.environ["TOKEN"])))\n' },
};
