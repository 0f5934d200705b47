// What is in deploy/, tried with the tools that it is for, where they are: promtool, systemd-analyze, hadolint, nginx, docker compose.

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const DEPLOY = join(ROOT, "deploy");
const BINARY = process.env.TOUCHSTONE_BIN ?? join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "release/touchstone");
const folder = mkdtempSync(join(tmpdir(), "touchstone-deploy-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("alerts fire on what they are for, and are silent on an ordinary day", needs("promtool"), () => {
  const prometheus = join(DEPLOY, "prometheus");
  run("promtool", ["check", "config", "prometheus.yml"], prometheus);
  run("promtool", ["test", "rules", "touchstone.rules.test.yml"], prometheus);
});

test("the unit is well-formed, and leaves little to an intruder", needs("systemd-analyze"), () => {
  const unit = readFileSync(join(DEPLOY, "systemd/touchstone.service"), "utf8");
  const here = unit.replace("/usr/local/bin/touchstone", process.execPath).replace(/^(User|Group)=.*$/gm, "$1=root");
  const file = join(folder, "touchstone.service");
  writeFileSync(file, here);
  run("systemd-analyze", ["verify", file]);
  writeFileSync(file, unit);
  const told = run("systemd-analyze", ["security", "--offline=true", "--no-pager", file]);
  const exposure = Number(/Overall exposure level for touchstone.service: ([\d.]+)/.exec(told)[1]);
  assert.ok(exposure <= 1.5, told);
});

test("the Dockerfile is well-formed", needs("hadolint"), () => {
  run("hadolint", [join(DEPLOY, "Dockerfile")]);
});

test("the composition is well-formed", needs("docker", ["compose", "version"]), () => {
  run("docker", ["compose", "-f", join(DEPLOY, "compose/compose.yaml"), "config", "--quiet"]);
});

test("configurations name options that there are", () => {
  const help = run(BINARY, ["serve", "--help"]);
  const known = new Set(help.match(/TOUCHSTONE_[A-Z0-9_]+/g));
  for (const file of ["Dockerfile", "compose/compose.yaml"]) {
    for (const name of readFileSync(join(DEPLOY, file), "utf8").match(/TOUCHSTONE_[A-Z0-9_]+/g)) {
      assert.ok(known.has(name), `${file}: ${name}`);
    }
  }
  const data = ["--data", join(folder, "none"), "--config", join(DEPLOY, "systemd/touchstone.toml")];
  const report = spawnSync(BINARY, [...data, "doctor", "--json"], { encoding: "utf8", env: {} });
  const findings = JSON.parse(report.stdout).findings.filter(({ check }) => check === "configuration");
  assert.deepEqual(findings.map(({ level }) => level), ["ok"]);
});

test("visitors come through nginx whole, at a host and at a path", needs("nginx", ["-v"]), async () => {
  for (const [name, base] of [["touchstone.conf", ""], ["base-path.conf", "/captcha"]]) {
    const [front, behind, admin] = [await port(), await port(), await port()];
    const server = spawn(BINARY, [
      "--data", join(folder, `data${behind}`), "serve", "--listen", `127.0.0.1:${behind}`, "--admin-listen", `127.0.0.1:${admin}`,
      "--trusted-proxy", "127.0.0.1/32", ...(base ? ["--base-path", base] : []),
    ], { stdio: "ignore" });
    const proxy = spawn("nginx", ["-p", folder, "-c", nginxConfiguration(name, front, behind), "-e", "stderr"], { stdio: "ignore" });
    try {
      await answers(`http://127.0.0.1:${front}${base}/healthz`);
      const url = `http://127.0.0.1:${front}${base}`;
      const report = spawnSync(BINARY, ["--data", join(folder, "none"), "doctor", "--json", "--url", url], { encoding: "utf8" });
      const site = JSON.parse(report.stdout).findings.filter(({ check }) => check === "site");
      assert.ok(site.length >= 3 && site.every(({ level }) => level === "ok"), JSON.stringify(site));
    } finally {
      for (const child of [proxy, server]) {
        child.kill();
        await new Promise((resolve) => child.exitCode === null ? child.once("exit", resolve) : resolve());
      }
    }
  }
});

// The file as it is, but for ports, names and TLS.
function nginxConfiguration(name, front, behind) {
  let text = readFileSync(join(DEPLOY, "nginx", name), "utf8").replaceAll("127.0.0.1:8080", `127.0.0.1:${behind}`);
  if (name === "base-path.conf") {
    text = `server {\n listen 127.0.0.1:${front};\n${text}\n}`;
  }
  text = text.replace("listen 443 ssl http2;", `listen 127.0.0.1:${front};`).replace(/ssl_certificate.*;/g, "");
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${folder}/${kind};`);
  const file = join(folder, `nginx-${front}.conf`);
  writeFileSync(file, `daemon off; pid ${folder}/nginx-${front}.pid; events {}\nhttp { access_log off; ${paths.join(" ")}\n${text}\n}`);
  return file;
}

function needs(tool, question = ["--version"]) {
  const there = spawnSync(tool, question, { stdio: "ignore" });
  return there.status === 0 ? {} : { skip: `there is no ${[tool, ...(question[0] === "compose" ? ["compose"] : [])].join(" ")}` };
}

function run(tool, args, cwd = ROOT) {
  try {
    return execFileSync(tool, args, { cwd, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    throw new Error(`${tool} ${args.join(" ")}\n${error.stdout}${error.stderr}`);
  }
}

async function answers(url) {
  for (let tries = 0; tries < 300; tries += 1) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer`);
}

function port() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
