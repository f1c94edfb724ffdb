/**
 * Lines of the keys of a TOML document, from 1, by path: `risk.max_notional`, `venues[0].credentials.required`. The parser checks the text and gives
 * no places; this reads only as much as it takes to find them again. A key inside an inline table has the line of that table.
 */
export function tomlPlaces(text: string): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const counts = new Map<string, number>();
  let table = "";
  let inside: Inside = { multiline: "", depth: 0 };
  text.split("\n").forEach((line, index) => {
    if (inside.multiline !== "" || inside.depth > 0) {
      inside = scan(line, inside);
      return;
    }
    const header = /^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$/.exec(line);
    if (header !== null) {
      table = placeTable(keysOf(header[2]!), header[1] === "[[", counts);
      if (!places.has(table)) places.set(table, index + 1);
      return;
    }
    const pair = /^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=(.*)$/.exec(line);
    if (pair === null) return;
    let path = table;
    for (const key of keysOf(pair[1]!)) {
      path = path === "" ? key : `${path}.${key}`;
      if (!places.has(path)) places.set(path, index + 1);
    }
    inside = scan(pair[2]!, inside);
  });
  return places;
}

/** The line of a path, or of the nearest table around it. */
export function placeOf(places: ReadonlyMap<string, number>, path: string): number | undefined {
  for (let at = path; at !== ""; at = at.slice(0, Math.max(at.lastIndexOf("."), 0))) {
    const line = places.get(at);
    if (line !== undefined) return line;
    const list = at.replace(/\[\d+\]$/, "");
    if (list !== at && places.has(list)) return places.get(list);
  }
  return undefined;
}

interface Inside {
  /** The quotes that end the text in which a line begins; empty outside. */
  readonly multiline: string;
  /** Open brackets of arrays and inline tables. */
  readonly depth: number;
}

function keysOf(dotted: string): string[] {
  return [...dotted.matchAll(/"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)/g)].map((match) => match[1] ?? match[2] ?? match[3]!);
}

/** Path of a table; parts of it that are lists stand for their last element. */
function placeTable(keys: readonly string[], isList: boolean, counts: Map<string, number>): string {
  let path = "";
  keys.forEach((key, k) => {
    path = path === "" ? key : `${path}.${key}`;
    const before = counts.get(path);
    if (k === keys.length - 1 && isList) counts.set(path, (before ?? 0) + 1);
    const count = counts.get(path);
    if (count !== undefined) path = `${path}[${count - 1}]`;
  });
  return path;
}

/** Follows quotes and brackets to the end of a line. */
function scan(line: string, before: Inside): Inside {
  let { multiline, depth } = before;
  for (let at = 0; at < line.length; ) {
    if (multiline !== "") {
      const end = line.indexOf(multiline, at);
      if (end < 0) return { multiline, depth };
      at = end + 3;
      multiline = "";
      continue;
    }
    const three = line.slice(at, at + 3);
    if (three === '"""' || three === "'''") {
      multiline = three;
      at += 3;
      continue;
    }
    const sign = line[at]!;
    if (sign === "#") break;
    if (sign === '"' || sign === "'") at = endOfText(line, at, sign);
    else if (sign === "[" || sign === "{") depth += 1;
    else if (sign === "]" || sign === "}") depth -= 1;
    at += 1;
  }
  return { multiline, depth };
}

function endOfText(line: string, from: number, quote: string): number {
  for (let at = from + 1; at < line.length; at += 1) {
    if (line[at] === "\\" && quote === '"') at += 1;
    else if (line[at] === quote) return at;
  }
  return line.length;
}
