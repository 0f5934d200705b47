// A mail server: takes what it is sent (RFC 5321) and keeps it, or refuses.

import { createServer } from "node:net";
import { createInterface } from "node:readline";

/**
 * Listens on this machine, without TLS, which is where the verifier allows that.
 *
 * `mails` holds `{to, text}`; `refuse`, where it is set, is what it answers to every recipient, such as `550 no such user`.
 */
export async function startSmtp() {
  const sockets = new Set();
  const smtp = { mails: [], refuse: undefined };
  const waiting = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
    const say = (line) => socket.write(line + "\r\n");
    let to = [];
    let body;
    say("220 mail.test");
    createInterface({ input: socket }).on("line", (line) => {
      if (body) {
        if (line !== ".") return body.push(line.replace(/^\./, ""));
        smtp.mails.push({ to: to.join(), text: body.join("\n") });
        body = undefined;
        waiting.splice(0).forEach((look) => look());
        return say("250 kept");
      }
      const command = line.slice(0, 4).toUpperCase();
      if (command === "RCPT") {
        if (smtp.refuse) return say(smtp.refuse);
        to.push(/<(.*)>/.exec(line)[1]);
      }
      if (command === "MAIL" || command === "RSET") to = [];
      if (command === "DATA") body = [];
      if (command === "QUIT") return socket.end("221 bye\r\n");
      say(body ? "354 go on" : command === "EHLO" ? "250-mail.test\r\n250 8BITMIME" : "250 ok");
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

  /** The code in the mail of this number, from 1, as soon as it is there. */
  smtp.code = async (number = 1) => {
    while (smtp.mails.length < number) await new Promise((resolve) => waiting.push(resolve));
    return /^ *(\d{6})\s*$/m.exec(smtp.mails[number - 1].text)[1];
  };
  smtp.url = `smtp://127.0.0.1:${server.address().port}`;
  smtp.stop = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  return smtp;
}
