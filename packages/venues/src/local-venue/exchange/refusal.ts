/** Something the venue will not do, with its own code and text. Texts are those of Binance's published list of errors. */
export class VenueRefusal extends Error {
  override readonly name = "VenueRefusal";
  readonly code: number;
  readonly status: number;
  /** Seconds for the `Retry-After` header; 0 for none. */
  readonly retryAfter: number;

  constructor(code: number, message: string, status = 400, retryAfter = 0) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

const NUMBER_RANGE = "^([0-9]{1,20})(\\.[0-9]{1,20})?$";
const ID_RANGE = "^[\\.A-Z\\:/a-z0-9_-]{1,36}$";

export const refusals = {
  disconnected: () => new VenueRefusal(-1001, "Internal error; unable to process your request. Please try again.", 503),
  unauthorized: () => new VenueRefusal(-1002, "You are not authorized to execute this request.", 401),
  weight: (limit: number, retryAfter: number) =>
    new VenueRefusal(
      -1003,
      `Too much request weight used; current limit is ${limit} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.`,
      429,
      retryAfter,
    ),
  banned: (untilMs: number, retryAfter: number) =>
    new VenueRefusal(
      -1003,
      `Way too much request weight used; IP banned until ${untilMs}. Please use WebSocket Streams for live updates to avoid bans.`,
      418,
      retryAfter,
    ),
  unexpectedResponse: () =>
    new VenueRefusal(-1006, "An unexpected response was received from the message bus. Execution status unknown.", 500),
  timeout: () =>
    new VenueRefusal(-1007, "Timeout waiting for response from backend server. Send status unknown; execution status unknown.", 504),
  filter: (name: string) => new VenueRefusal(-1013, `Filter failure: ${name}`),
  tooManyOrders: (limit: number, interval: string) =>
    new VenueRefusal(-1015, `Too many new orders; current limit is ${limit} orders per ${interval}.`, 429),
  unsupported: () => new VenueRefusal(-1020, "This operation is not supported."),
  outsideWindow: () => new VenueRefusal(-1021, "Timestamp for this request is outside of the recvWindow."),
  ahead: () => new VenueRefusal(-1021, "Timestamp for this request was 1000ms ahead of the server's time."),
  signature: () => new VenueRefusal(-1022, "Signature for this request is not valid."),
  illegalNumber: (name: string) =>
    new VenueRefusal(-1100, `Illegal characters found in parameter '${name}'; legal range is '${NUMBER_RANGE}'.`),
  illegalId: (name: string) => new VenueRefusal(-1100, `Illegal characters found in parameter '${name}'; legal range is '${ID_RANGE}'.`),
  missing: (name: string) => new VenueRefusal(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`),
  eitherMissing: (one: string, other: string) =>
    new VenueRefusal(-1102, `Param '${one}' or '${other}' must be sent, but both were empty/null!`),
  notRequired: (name: string) => new VenueRefusal(-1106, `Parameter '${name}' sent when not required.`),
  precision: (name: string) => new VenueRefusal(-1111, `Parameter '${name}' has too much precision.`),
  timeInForce: () => new VenueRefusal(-1115, "Invalid timeInForce."),
  orderType: () => new VenueRefusal(-1116, "Invalid orderType."),
  side: () => new VenueRefusal(-1117, "Invalid side."),
  interval: () => new VenueRefusal(-1120, "Invalid interval."),
  symbol: () => new VenueRefusal(-1121, "Invalid symbol."),
  span: () => new VenueRefusal(-1127, "More than 24 hours between startTime and endTime."),
  combination: () => new VenueRefusal(-1128, "Combination of optional parameters invalid."),
  parameter: (name: string) => new VenueRefusal(-1130, `Data sent for parameter '${name}' is not valid.`),
  json: () => new VenueRefusal(-1135, "Invalid JSON Request"),
  rejected: (message: string) => new VenueRefusal(-2010, message),
  unknownOrder: () => new VenueRefusal(-2011, "Unknown order sent."),
  noSuchOrder: () => new VenueRefusal(-2013, "Order does not exist."),
  keyFormat: () => new VenueRefusal(-2014, "API-key format invalid.", 401),
  key: () => new VenueRefusal(-2015, "Invalid API-key, IP, or permissions for action.", 401),
  keyKind: () => new VenueRefusal(-4056, "HMAC_SHA256 API key is not supported."),
} as const;
