// A certificate authority that lives as long as a test: what a company runs inside its network.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Makes an authority, and a certificate of it for localhost and 127.0.0.1.
 *
 * @returns the files `ca`, `certificate` and `key`, and `remove`, which deletes them
 */
export function createAuthority() {
  const folder = mkdtempSync(join(tmpdir(), "touchstone-authority-"));
  const file = (name) => join(folder, name);
  const openssl = (...args) => execFileSync("openssl", args, { stdio: ["ignore", "pipe", "pipe"] });
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-sha256"];
  openssl(
    ...["req", "-x509", ...curve, "-days", "2", "-subj", "/CN=Touchstone test authority"],
    ...["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"],
    ...["-keyout", file("ca.key"), "-out", file("ca.pem")],
  );
  openssl("req", ...curve, "-subj", "/CN=localhost", "-keyout", file("server.key"), "-out", file("server.csr"));
  writeFileSync(
    file("server.ext"),
    "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n",
  );
  openssl(
    ...["x509", "-req", "-in", file("server.csr"), "-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-CAcreateserial"],
    ...["-days", "2", "-sha256", "-extfile", file("server.ext"), "-out", file("server.pem")],
  );
  return {
    ca: file("ca.pem"),
    certificate: file("server.pem"),
    key: file("server.key"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
