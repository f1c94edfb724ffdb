import { parseClientId } from "../dispatch/client-id.ts";

/** What the runtime knows of an order beyond the engine: where it went and under which name. */
export interface RegisteredOrder {
  readonly orderId: number;
  readonly instrumentIndex: number;
  readonly symbol: string;
  readonly clientId: string;
  /** The venue must not let it in after this wall time. */
  readonly deadlineUs: number;
  /** None of its trades has an id below this one: what had been read when it was registered. 0, or absent, where nothing is known. */
  readonly readFrom?: number;
  /** False until the intent is durable and the send has begun. */
  wasSent: boolean;
  venueOrderId: string;
  /** The venue itself has told its end. Ends are final there: a word that it works is older than that, however late it comes. */
  hasEnded: boolean;
}

/** All orders of a session by our id and by the id they carry at the venue. */
export class OrderRegister {
  private readonly byOrder = new Map<number, RegisteredOrder>();
  private readonly byClient = new Map<string, RegisteredOrder>();

  add(order: RegisteredOrder): void {
    this.byOrder.set(order.orderId, order);
    this.byClient.set(order.clientId, order);
  }

  find(orderId: number): RegisteredOrder | undefined {
    return this.byOrder.get(orderId);
  }

  findByClientId(clientId: string): RegisteredOrder | undefined {
    return this.byClient.get(clientId);
  }

  /** REST lists of trades name the venue's order id only. */
  findByVenueId(symbol: string, venueOrderId: string): RegisteredOrder | undefined {
    for (const order of this.byOrder.values()) if (order.symbol === symbol && order.venueOrderId === venueOrderId) return order;
    return undefined;
  }

  /** True for an id of our form that no order of this session has: an order of an earlier session of ours. */
  isOursButForgotten(clientId: string): boolean {
    return parseClientId(clientId) !== undefined && !this.byClient.has(clientId);
  }
}
