import type { Wish } from "../strategy/define-strategy.ts";
import type { Engine } from "./engine.ts";
import { fillView } from "./fill-view.ts";

/** Tells the strategy what happened, one reaction at a time, and carries out what it wishes. */
export class ReactionDesk {
  private readonly engine: Engine;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** One reaction of the strategy, its wish carried out. What it throws ends a backtest, and in a live engine the strategy. */
  react(reaction: string, timeUs: number, run: () => Wish): void {
    if (this.engine.outbox === undefined) this.carryOut(reaction, timeUs, run);
    else this.engine.strategyStop.react(reaction, timeUs, run);
  }

  /** The same, live or not. Throws what the reaction throws, its place named. */
  carryOut(reaction: string, timeUs: number, run: () => Wish): void {
    let wish: Wish;
    try {
      wish = run();
    } catch (error) {
      throw this.engine.host.failureOf(reaction, timeUs, error);
    }
    if (wish !== undefined) this.take(reaction, wish, timeUs);
  }

  /** Carries out a wish. With `marketFill: "bar-close"` its market orders fill at the close of the bar that decided them. */
  take(reaction: string, wish: Wish, timeUs: number): void {
    const { engine } = this;
    const intents = engine.host.intentsOf(reaction, timeUs, wish);
    if (intents === undefined) return;
    if (timeUs < engine.options.tradeFromUs) return;
    engine.riskView.nowUs = timeUs;
    engine.market.refreshMarks();
    try {
      engine.desk.take(intents, timeUs);
    } catch (error) {
      throw engine.host.failureOf(reaction, timeUs, error);
    }
    if (engine.venue.terms.marketFill === "bar-close") this.fillAtCloses(timeUs);
    if (engine.orders.hasReleased) engine.orders.recycle();
  }

  /** Tells every fill since the last call. */
  tellFills(timeUs: number): void {
    const { engine } = this;
    const { host, view } = engine;
    const notices = engine.fillDesk.notices.splice(0);
    if (host.reactions.onFill === undefined) return;
    for (const notice of notices) {
      const { orderId, instrumentIndex } = notice;
      view.position = view.positionAt(instrumentIndex);
      const fill = fillView(notice, engine.instruments[instrumentIndex]!, engine.events.tagOf(orderId), host.inputOf(instrumentIndex));
      this.react("onFill", timeUs, () => host.reactions.onFill!(fill, view));
    }
    view.position = view.positionAt(engine.series[0]!.instrumentIndex);
  }

  /** Fires every timer that is due. */
  fireTimers(timeUs: number): void {
    const { host, series, timers, view } = this.engine;
    view.position = view.positionAt(series[0]!.instrumentIndex);
    timers.fireDue(timeUs, (timer) => {
      if (host.reactions.onTimer !== undefined) this.react("onTimer", timeUs, () => host.reactions.onTimer!(timer, view));
    });
  }

  /** Only a bar that closed at this very instant has a close to fill at. */
  private fillAtCloses(timeUs: number): void {
    const { instruments, market, venue } = this.engine;
    for (let k = 0; k < instruments.length; k += 1) if (market.closedAt(k, timeUs)) venue.fillAtClose(k, market.loadBar(k));
  }
}
