// Requests that a client sends, replayed byte for byte over a socket.

import { connect } from "node:net";
import { buffer } from "node:stream/consumers";

/**
 * Sends a head and a body; `Host` and `Content-Length` are written where the lines `Host` and `Content-Length` stand.
 *
 * @param lines of the head, the request line first
 * @returns status, headers by their names in lower case, and the parsed JSON
 */
export async function replay(verifier, lines, body = "") {
  const { hostname, port, host } = new URL(verifier.origin);
  const written = { Host: `Host: ${host}`, "Content-Length": `Content-Length: ${Buffer.byteLength(body)}` };
  const head = lines.map((line) => written[line] ?? line).join("\r\n");
  const socket = connect(Number(port), hostname);
  socket.setTimeout(5_000, () => socket.destroy(new Error("no answer within 5 s")));
  socket.write(`${head}\r\n\r\n${body}`);
  return parsed((await buffer(socket)).toString());
}

/** All of them say `Connection: close`, so the answer ends with the connection. */
function parsed(answer) {
  const end = answer.indexOf("\r\n\r\n");
  const [first, ...lines] = answer.slice(0, end).split("\r\n");
  const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
  return { status: Number(first.split(" ")[1]), headers, json: JSON.parse(answer.slice(end + 4)) };
}
