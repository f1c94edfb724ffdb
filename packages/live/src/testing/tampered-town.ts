import { type Engine, runHash } from "@tradepulse/core";
import type { HttpRequest, HttpResponse, InputFlaw, InputSource, WebSocketHandlers } from "@tradepulse/platform";
import { readJournal } from "../recovery/read-journal.ts";
import type { LiveRunnerOptions, RunningSession } from "../runner/live-trading-runner.ts";
import { LiveTown, TOWN_ACCOUNT, type Townsman } from "./live-town.ts";

/** What is put in the place of an answer. */
export type Tamper = (request: HttpRequest, response: HttpResponse) => HttpResponse;

/** The parts of a runner that a test looks at and nobody else does. */
interface Insides {
  readonly run: { readonly engine: Engine };
}

/** A town whose network lies: answers on the way to the trader are changed, and messages are put into its streams. */
export class TamperedTown extends LiveTown {
  tamper: Tamper | undefined;
  /** Streams of the trader, in the order of opening. */
  readonly streams: { readonly url: string; readonly handlers: WebSocketHandlers }[] = [];

  override man(name: string, address?: string): Townsman {
    const man = super.man(name, address);
    if (name !== "trader" && name !== "sentinel") return man;
    const { env } = man;
    const http = env.http.bind(env);
    const webSocket = env.webSocket.bind(env);
    env.http = async (request) => {
      const response = await http(request);
      return this.tamper?.(request, response) ?? response;
    };
    if (name === "trader")
      env.webSocket = (url, handlers, options) => {
        this.streams.push({ url, handlers });
        return webSocket(url, handlers, options);
      };
    return man;
  }

  /** Puts a message into the newest stream of a kind. */
  say(kind: "market" | "private", text: string): void {
    this.streams.findLast(({ url }) => url.endsWith("/stream") === (kind === "market"))!.handlers.onMessage(text);
  }

  private get engine(): Engine {
    return (this.runner as unknown as Insides).run.engine;
  }

  /** What must not change by what cannot be used: decisions so far, positions, orders. */
  get state(): string {
    const { engine } = this;
    return JSON.stringify([runHash(engine.events), engine.account.signedLots(0), engine.openOrderIds()]);
  }

  get lots(): number {
    return this.engine.account.signedLots(0);
  }

  /** Lots that the venue says are held, out of its own book of trades. */
  get truth(): number {
    const held = this.world.venue.ledger
      .tradesOf("main")
      .reduce(
        (sum, { side, quantity, fee, feeAsset }) => sum + (side === "BUY" ? quantity : -quantity) - (feeAsset === "BTC" ? fee : 0n),
        0n,
      );
    return Number(held);
  }

  counted<S extends InputSource>(source: S, kind: InputFlaw<S>): number {
    const [bad] = this.runner.metrics();
    return bad!.samples.find(({ labels }) => labels["source"] === source && labels["kind"] === kind)!.value;
  }

  get total(): number {
    return this.runner.metrics()[0]!.samples.reduce((sum, { value }) => sum + value, 0);
  }

  /** A session that holds a position, and a strategy that goes on trading. */
  async begin(more: Partial<LiveRunnerOptions> = {}): Promise<RunningSession> {
    const running = await this.start(more);
    await this.arm();
    await this.run(2.5);
    return running;
  }

  /** Client ids of all intents in the journal of the account's session. */
  async intents(session = "in-and-out"): Promise<readonly string[]> {
    const ids: string[] = [];
    const { files } = this.man("reader").env;
    for await (const { kind, payload } of readJournal(files, `${TOWN_ACCOUNT}/${session}/journal`))
      if (kind === "intent") ids.push(String(payload["clientId"]));
    return ids;
  }

  /** Lines of the log of a session. */
  async log(folder: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const { files } = this.man("reader").env;
    const lines: Readonly<Record<string, unknown>>[] = [];
    for (const name of await files.list(`${folder}/log`)) {
      const text = new TextDecoder().decode(await files.read(`${folder}/log/${name}`));
      for (const line of text.trimEnd().split("\n")) lines.push(JSON.parse(line) as Readonly<Record<string, unknown>>);
    }
    return lines;
  }
}
