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
  /** Empty until the venue has told of it; set by {@link OrderRegister.place}. */
  venueOrderId: string;
  /** The venue itself has told its end. Ends are final there: a word that it works is older than that, however late it comes. */
  hasEnded: boolean;
}

/**
 * All orders of a session by our id and by the ids they carry at the venue. They stay for as long as a fill of theirs may be told, which no venue bounds:
 * about half a kilobyte for each.
 */
export class OrderRegister {
  private readonly byOrder = new Map<number, RegisteredOrder>();
  private readonly byClient = new Map<string, RegisteredOrder>();
  private readonly byVenue = new Map<string, RegisteredOrder>();

  add(order: RegisteredOrder): void {
    this.byOrder.set(order.orderId, order);
    this.byClient.set(order.clientId, order);
    if (order.venueOrderId !== "") this.byVenue.set(nameAt(order.symbol, order.venueOrderId), order);
  }

  /** The venue has told of the order. */
  place(order: RegisteredOrder, venueOrderId: string): void {
    if (order.venueOrderId === venueOrderId) return;
    order.venueOrderId = venueOrderId;
    this.byVenue.set(nameAt(order.symbol, venueOrderId), order);
  }

  find(orderId: number): RegisteredOrder | undefined {
    return this.byOrder.get(orderId);
  }

  findByClientId(clientId: string): RegisteredOrder | undefined {
    return this.byClient.get(clientId);
  }

  /** REST lists of trades name the venue's order id only. */
  findByVenueId(symbol: string, venueOrderId: string): RegisteredOrder | undefined {
    return this.byVenue.get(nameAt(symbol, venueOrderId));
  }
}

/** Ids of orders are unique for a symbol only. */
function nameAt(symbol: string, venueOrderId: string): string {
  return `${symbol} ${venueOrderId}`;
}
