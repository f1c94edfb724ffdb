import net, { type AddressInfo } from "node:net";

/** How far a connection lets bytes through before it is cut on both sides; `undefined` for ever. */
export interface Cut {
  /** From the client to the server. */
  readonly up?: number;
  /** From the server to the client. */
  readonly down?: number;
}

/** Stands between a client and a server on loopback, and cuts connections at chosen bytes. */
export interface CuttingProxy {
  readonly port: number;
  /** Connections so far. */
  readonly connections: number;
  /** Connections that came to their cut so far. */
  readonly cuts: number;
  /** Bytes of the newest connection so far. */
  readonly up: number;
  readonly down: number;
  /** Asked for each new connection, by its number from 1. */
  plan: (connection: number) => Cut | "refuse";
  /** Cuts every connection now. */
  cutAll(): void;
  close(): Promise<void>;
}

/** Bytes behind the cut are not passed on; those before it are, also when they end in the middle of a message. */
export async function startCuttingProxy(targetPort: number): Promise<CuttingProxy> {
  const open = new Set<net.Socket>();
  const state = { connections: 0, cuts: 0, up: 0, down: 0 };
  const listening = net.createServer((client) => {
    state.connections += 1;
    const number = state.connections;
    const cut = proxy.plan(number);
    client.on("error", () => undefined);
    if (cut === "refuse") {
      client.destroy();
      return;
    }
    state.up = 0;
    state.down = 0;
    const target = net.connect({ host: "127.0.0.1", port: targetPort });
    target.on("error", () => undefined);
    client.setNoDelay(true);
    target.setNoDelay(true);
    const both = [client, target];
    const end = (): void => {
      for (const socket of both) {
        open.delete(socket);
        socket.destroy();
      }
    };
    for (const socket of both) {
      open.add(socket);
      socket.on("close", end);
    }
    const pass = (from: net.Socket, to: net.Socket, name: "up" | "down", bound: number | undefined): void => {
      let passed = 0;
      from.on("data", (bytes: Buffer) => {
        const rest = bound === undefined ? bytes.length : bound - passed;
        passed += bytes.length;
        if (number === state.connections) state[name] = passed;
        if (rest >= bytes.length) to.write(bytes);
        else {
          if (rest >= 0) state.cuts += 1;
          if (rest > 0) to.end(bytes.subarray(0, rest));
          // What was let through arrives before the connection ends.
          setTimeout(end, 2);
        }
      });
    };
    pass(client, target, "up", cut.up);
    pass(target, client, "down", cut.down);
  });
  await new Promise<void>((done) => listening.listen(0, "127.0.0.1", done));
  const proxy: CuttingProxy = {
    port: (listening.address() as AddressInfo).port,
    get connections() {
      return state.connections;
    },
    get cuts() {
      return state.cuts;
    },
    get up() {
      return state.up;
    },
    get down() {
      return state.down;
    },
    plan: () => ({}),
    cutAll() {
      for (const socket of open) socket.destroy();
    },
    close: () =>
      new Promise((done) => {
        for (const socket of open) socket.destroy();
        listening.close(() => done());
      }),
  };
  return proxy;
}
