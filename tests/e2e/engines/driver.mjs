// Firefox and WebKit, each by its own driver: the programs are named by `cargo xtask browsers`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { Builder } from "selenium-webdriver";

/** How long a driver may take to listen, in milliseconds: on a busy machine they do. */
const STARTING = 30_000;

async function freePort() {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function listening(port, driver) {
  for (const end = Date.now() + STARTING; Date.now() < end; ) {
    if (driver.exitCode !== null) {
      throw new Error(`the driver ended with ${driver.exitCode}`);
    }
    try {
      if ((await fetch(`http://127.0.0.1:${port}/status`)).ok) {
        return;
      }
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the driver did not listen within ${STARTING} ms`);
}

/** A display of its own: its number, and what ends it. */
async function display() {
  const server = spawn(process.env.XVFB, ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const [number] = await Promise.race([once(createInterface(server.stdio[3]), "line"), once(server, "exit").then(() => ["none"])]);
  if (number === "none") {
    throw new Error("Xvfb did not start");
  }
  return { name: `:${number}`, end: () => server.kill() };
}

const ENGINES = {
  Firefox: {
    driver: (port) => [process.env.GECKODRIVER, ["--port", port, "--binary", process.env.WARDIAN_FIREFOX, "--log", "error"]],
    capabilities: {
      browserName: "firefox",
      "moz:firefoxOptions": {
        args: ["-headless"],
        // What the browser asks its maker by itself is not the page's, and there may be no network.
        prefs: { "app.update.enabled": false, "datareporting.policy.dataSubmissionEnabled": false, "network.captive-portal-service.enabled": false },
      },
    },
  },
  WebKit: {
    driver: (port) => [process.env.WEBKIT_DRIVER, [`--port=${port}`, "--host=127.0.0.1"]],
    needsDisplay: true,
    capabilities: {
      browserName: "MiniBrowser",
      "webkitgtk:browserOptions": { binary: process.env.WEBKIT_BROWSER, args: ["--automation"] },
    },
  },
};

export const NAMES = Object.keys(ENGINES);

/** Starts a browser: `{ driver, end }`. */
export async function start(name) {
  const { driver: program, capabilities, needsDisplay } = ENGINES[name];
  const screen = needsDisplay ? await display() : undefined;
  const port = String(await freePort());
  const [file, args] = program(port);
  // Root's WebKit sandbox wants namespaces that containers do not give.
  const env = { ...process.env, ...(screen ? { DISPLAY: screen.name, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" } : {}) };
  const server = spawn(file, args, { env, stdio: "ignore" });
  const stop = () => {
    server.kill();
    screen?.end();
  };
  try {
    await listening(port, server);
    const driver = await new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities).build();
    await driver.manage().setTimeouts({ script: 60_000, pageLoad: 60_000 });
    return { driver, end: () => driver.quit().catch(() => {}).finally(stop) };
  } catch (error) {
    stop();
    throw error;
  }
}
