import { ByteScan } from "./byte-scan.ts";
import { Literal } from "./message-form.ts";
import { LAST_TIME_US, statedUs } from "./schema.ts";
import { SideChanges } from "./side-changes.ts";

const COMMA = 44;
const QUOTE = 34;
const CLOSE = 93;
const OPEN = 91;
const BRACE = 125;

/**
 * Reads the updates of one book from the bytes of the stream's messages, in the one form in which the venue writes them:
 *
 * ```json
 * {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1767225600124,"s":"BTCUSDT","U":50093239208,"u":50093239224,"b":[["61820.99000000","0.00000000"]],"a":[["61837.64000000","1.60520000"]]}}
 * ```
 *
 * What it understands it understands as `parseDepthUpdate` does, value for value; everything else it declines.
 */
export class DepthScan {
  readonly bids = new SideChanges();
  readonly asks = new SideChanges();
  private readonly scan = new ByteScan();
  private readonly head: Literal;
  private readonly symbol: Literal;
  private readonly numbers = new Float64Array(3);

  constructor(stream: string, symbol: string) {
    this.head = new Literal(`{"stream":${JSON.stringify(stream)},"data":{"e":"depthUpdate","E":`);
    this.symbol = new Literal(`,"s":${JSON.stringify(symbol)},"U":`);
  }

  get firstId(): number {
    return this.numbers[1]!;
  }

  get lastId(): number {
    return this.numbers[2]!;
  }

  get eventUs(): number {
    return statedUs(this.numbers[0]!);
  }

  /** Whether the message is an update in that form; then the fields hold it until the next call. */
  read(message: Uint8Array): boolean {
    const { scan, numbers } = this;
    return (
      scan.begin(message) &&
      scan.literal(this.head) &&
      scan.whole(numbers, 0) &&
      numbers[0]! <= LAST_TIME_US &&
      scan.literal(this.symbol) &&
      scan.whole(numbers, 1) &&
      scan.literal(LAST_ID) &&
      scan.whole(numbers, 2) &&
      numbers[2]! >= numbers[1]! &&
      scan.literal(BIDS) &&
      this.readSide(this.bids) &&
      scan.literal(ASKS) &&
      this.readSide(this.asks) &&
      scan.byte(CLOSE) &&
      scan.byte(BRACE) &&
      scan.byte(BRACE) &&
      scan.isAtEnd
    );
  }

  /** Levels up to the bracket that closes their list. */
  private readSide(side: SideChanges): boolean {
    const { scan } = this;
    side.count = 0;
    if (scan.isNext(CLOSE)) return true;
    for (let at = 0; ; at += 1) {
      if (at === side.capacity && !side.grow()) return false;
      if (!(scan.byte(OPEN) && scan.byte(QUOTE) && scan.decimal(side.prices, side.priceDecimals, at))) return false;
      if (!(scan.byte(QUOTE) && scan.byte(COMMA) && scan.byte(QUOTE) && scan.decimal(side.sizes, side.sizeDecimals, at))) return false;
      if (!(scan.byte(QUOTE) && scan.byte(CLOSE) && side.toKey(at))) return false;
      if (scan.byte(COMMA)) continue;
      side.count = at + 1;
      return scan.isNext(CLOSE);
    }
  }
}

const LAST_ID = new Literal(`,"u":`);
const BIDS = new Literal(`,"b":[`);
const ASKS = new Literal(`],"a":[`);
