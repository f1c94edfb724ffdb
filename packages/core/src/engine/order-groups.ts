/** Groups that have members, by number, and the next number. */
export interface CarriedGroups {
  readonly nextId: number;
  readonly members: readonly (readonly [groupId: number, orderIds: readonly number[]])[];
}

const NOBODY: readonly number[] = [];

/** Groups of orders that cancel each other. Intents of one reaction that share a group object belong together. */
export class OrderGroups {
  private readonly byObject = new Map<object, number>();
  private readonly members = new Map<number, number[]>();
  private nextId = 1;

  /** Number of the group that an object stands for. */
  idOf(group: object): number {
    const known = this.byObject.get(group);
    if (known !== undefined) return known;
    const id = this.nextId;
    this.nextId += 1;
    this.byObject.set(group, id);
    return id;
  }

  add(groupId: number, orderId: number): void {
    const members = this.members.get(groupId);
    if (members === undefined) this.members.set(groupId, [orderId]);
    else members.push(orderId);
  }

  /** Orders of a group that have not ended. */
  membersOf(groupId: number): readonly number[] {
    return this.members.get(groupId) ?? NOBODY;
  }

  /** An order of the group ended: the last one takes the group with it. */
  remove(groupId: number, orderId: number): void {
    const rest = this.membersOf(groupId).filter((id) => id !== orderId);
    if (rest.length === 0) this.members.delete(groupId);
    else this.members.set(groupId, rest);
  }

  /** Ends the reaction: the same object in a later one stands for a new group. */
  endReaction(): void {
    if (this.byObject.size !== 0) this.byObject.clear();
  }

  /** Between two reactions. */
  carry(): CarriedGroups {
    return { nextId: this.nextId, members: [...this.members].map(([id, orders]) => [id, [...orders]] as const) };
  }

  resume(carried: CarriedGroups): void {
    this.nextId = carried.nextId;
    for (const [id, orders] of carried.members) this.members.set(id, [...orders]);
  }

  get size(): number {
    return this.members.size;
  }
}
