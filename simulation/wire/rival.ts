import type { RandomStream } from "@tradepulse/platform";
import type { Storm } from "../storm/storm.ts";
import type { RunnerNode } from "./runner-node.ts";

const SECOND = 1_000_000;

/**
 * Another process of the same account (F61): it starts beside the one that trades, and finds the account taken; also when that one stands still, as a
 * machine that was moved does, for longer than its leadership is good for. Now and then the lock of the one that stands still is lost as well, as those of
 * a network's disks can be: then the other one takes over, and the first goes on later and wants to send what it had decided.
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
    const first = storm.node as RunnerNode | undefined;
    if (first?.process.isAlive !== true || first.process.isPaused) return;
    this.count += 1;
    const second = this.makeNode(1_000 + 10 * storm.boots + this.count);
    const draw = random.next();
    const stallUs = Math.round(5 * SECOND + 55 * SECOND * random.next());
    if (draw > 0.4) {
      first.process.pause();
      storm.clock.after(stallUs, () => first.process.resume());
    }
    if (draw > 0.7 && first.session !== undefined) this.takeOver(first, second, stallUs);
    else this.startBeside(first, second);
  }

  leave(): void {
    for (const second of Array.from(this.alive)) second.process.kill();
  }

  private startBeside(first: RunnerNode, second: RunnerNode): void {
    const { storm } = this;
    this.alive.add(second);
    second.process.onEnd(() => this.alive.delete(second));
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

  private takeOver(first: RunnerNode, second: RunnerNode, stallUs: number): void {
    const { storm } = this;
    storm.chronicle.add("fault", `the lock of ${first.process.name} is lost, ${second.process.name} takes over`);
    first.loseLock();
    // Two processes that both believe the lock theirs write the same files: what is promised is that only one sends, not that the files survive it. A
    // minute after the first goes on the seed is over.
    storm.isDamaged = true;
    storm.clock.after(stallUs + 60 * SECOND, () => {
      storm.endedDown = "the journal is damaged";
      for (const { process } of [first, second]) process.kill();
      storm.node?.process.kill();
    });
    storm.begin(second);
  }
}
