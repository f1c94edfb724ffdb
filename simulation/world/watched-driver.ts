import { type Engine, type Fact, FactDriver, type OrderCommand } from "@tradepulse/core";

/** The engine's door with a look at every fact that went in; planted bugs hang themselves in here. */
export class WatchedDriver extends FactDriver {
  /** Changes facts on their way in; undefined drops one. */
  change: ((fact: Fact) => readonly Fact[]) | undefined;
  changeCommands: ((commands: readonly OrderCommand[]) => readonly OrderCommand[]) | undefined;
  private readonly after: (fact: Fact) => void;

  constructor(engine: Engine, after: (fact: Fact) => void) {
    super(engine);
    this.after = after;
  }

  override process(fact: Fact): void {
    if (this.change === undefined) super.process(fact);
    else for (const each of this.change(fact)) super.process(each);
    this.after(fact);
  }

  override takeCommands(): readonly OrderCommand[] {
    const commands = super.takeCommands();
    return this.changeCommands?.(commands) ?? commands;
  }
}
