import { color } from "./theme.js";

/**
 * Draws a line from entry to exit of every round trip in view, and a band behind the one that was chosen.
 * @typedef {{ from: number, to: number, fromPrice: number, toPrice: number, gain: boolean, id: number }} TripLine
 *   `from` and `to` are times of bars that the chart has
 */
export class TripLines {
  /** @type {readonly TripLine[]} */
  #lines = [];
  /** @type {number | null} */
  #chosen = null;
  /** @type {import("lightweight-charts").SeriesAttachedParameter<import("lightweight-charts").Time> | null} */
  #host = null;
  /** @type {readonly import("lightweight-charts").IPrimitivePaneView[]} */
  #views = [{ zOrder: () => /** @type {const} */ ("bottom"), renderer: () => ({ draw: (target) => this.#draw(target) }) }];

  /** @param {import("lightweight-charts").SeriesAttachedParameter<import("lightweight-charts").Time>} host */
  attached(host) {
    this.#host = host;
  }

  detached() {
    this.#host = null;
  }

  paneViews() {
    return this.#views;
  }

  /**
   * @param {readonly TripLine[]} lines
   * @param {number | null} chosen id of the round trip to stress
   */
  show(lines, chosen) {
    this.#lines = lines;
    this.#chosen = chosen;
    this.#host?.requestUpdate();
  }

  /** @param {Parameters<import("lightweight-charts").IPrimitivePaneRenderer["draw"]>[0]} target */
  #draw(target) {
    const host = this.#host;
    if (host === null) return;
    const times = host.chart.timeScale();
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      for (const trip of this.#lines) {
        const x1 = times.timeToCoordinate(/** @type {import("lightweight-charts").UTCTimestamp} */ (trip.from));
        const x2 = times.timeToCoordinate(/** @type {import("lightweight-charts").UTCTimestamp} */ (trip.to));
        const y1 = host.series.priceToCoordinate(trip.fromPrice);
        const y2 = host.series.priceToCoordinate(trip.toPrice);
        if (x1 === null || x2 === null || y1 === null || y2 === null) continue;
        if (x2 < 0 || x1 > mediaSize.width) continue;
        const chosen = trip.id === this.#chosen;
        if (chosen) {
          context.fillStyle = color(trip.gain ? "gain-tint" : "loss-tint");
          context.fillRect(x1, 0, Math.max(2, x2 - x1), mediaSize.height);
        }
        context.strokeStyle = color(trip.gain ? "gain" : "loss");
        context.lineWidth = chosen ? 2 : 1;
        context.setLineDash(chosen ? [] : [3, 3]);
        context.beginPath();
        context.moveTo(x1, y1);
        context.lineTo(x2, y2);
        context.stroke();
      }
      context.setLineDash([]);
    });
  }
}
