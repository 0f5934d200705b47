// The frame of a peer: makes what is to be checked when asked, and checks one at a time.
//
//   POST /mint?count=N   a JSON array of N bodies, each good for one /verify
//   POST /verify         {"success": true} or {"success": false}

import { createServer } from "node:http";

export function serve({ mint, verify }) {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", async () => {
      const url = new URL(request.url, "http://peer");
      const answer =
        url.pathname === "/mint"
          ? await many(Number(url.searchParams.get("count")), mint)
          : { success: await verify(JSON.parse(Buffer.concat(chunks).toString())) };
      const body = JSON.stringify(answer);
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
      response.end(body);
    });
  });
  server.listen(0, "127.0.0.1", () => console.error(`listening 127.0.0.1:${server.address().port}`));
}

async function many(count, mint) {
  const bodies = [];
  while (bodies.length < count) bodies.push(JSON.stringify(await mint()));
  return bodies;
}
