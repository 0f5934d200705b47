// Attaches to the visited tab by chrome.debugger and passes on what the arm sends: method, parameters, number.

async function main() {
  const { port } = await (await fetch(chrome.runtime.getURL("port.json"))).json();
  let tab;
  while (!tab) {
    [tab] = await chrome.tabs.query({ url: "http://localhost/*" });
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const target = { tabId: tab.id };
  await chrome.debugger.attach(target, "1.3");
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  socket.onmessage = async ({ data }) => {
    const { id, method, parameters } = JSON.parse(data);
    try {
      await chrome.debugger.sendCommand(target, method, parameters);
      socket.send(JSON.stringify({ id }));
    } catch (error) {
      socket.send(JSON.stringify({ id, error: String(error) }));
    }
  };
}

main();
