import type { RandomStream } from "@tradepulse/platform";
import type { Storm } from "../storm/storm.ts";
import type { RunnerNode } from "./runner-node.ts";

const SECOND = 1_000_000;

/**
 * Another process of the same account (F61): it starts beside the one that trades. Half of the times that one stands still meanwhile, as a machine
 * that was moved does, for longer than its leadership is good for, and then goes on and wants to send what it had decided.
 */
export class Rival {
  private readonly storm: Storm;
  private readonly makeNode: (number: number) => RunnerNode;
  private readonly alive = new Set<RunnerNode>();
  private count = 0;

  constructor(storm: Storm, makeNode: (number: number) => RunnerNode) {
    this.storm = storm;
    this.makeNode = makeNode;
  }

  start(random: RandomStream): void {
    const { storm } = this;
    const first = storm.node;
    if (first?.process.isAlive !== true) return;
    this.count += 1;
    const second = this.makeNode(1_000 + 10 * storm.boots + this.count);
    this.alive.add(second);
    second.process.onEnd(() => this.alive.delete(second));
    if (random.next() < 0.5 && !first.process.isPaused) {
      first.process.pause();
      storm.clock.after(Math.round(5 * SECOND + 55 * SECOND * random.next()), () => first.process.resume());
    }
    void second.boot().then(() => {
      if (second.refusal !== undefined) return;
      // A first one that was only starting is no leader yet, and finds the account taken.
      if (first.process.isAlive && first.session !== undefined)
        storm.judge.violate("I27", `${second.process.name} leads beside ${first.process.name}`);
      second.process.kill();
    });
    // Where the first has died the second would be the rightful leader, which any restart is: it goes, and the restart takes over.
    first.process.onEnd(() => second.process.kill());
  }

  leave(): void {
    for (const second of Array.from(this.alive)) second.process.kill();
  }
}
