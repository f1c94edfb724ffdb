/** What a strategy may save: plain data, numbers of any kind, and arrays of numbers such as `streaming(...).snapshot()` gives. */
export type SavedValue = null | boolean | number | string | Float64Array | readonly SavedValue[] | { readonly [name: string]: SavedValue };

/** Where a value is no {@link SavedValue}: a path such as `.levels[2]`, empty for the value itself, and what is there. */
export interface NotSaved {
  readonly path: string;
  readonly what: string;
}

/** A copy that shares nothing with the value, or the first place in it that cannot be kept. */
export function copySaved(value: unknown, path = ""): { readonly value: SavedValue } | NotSaved {
  switch (typeof value) {
    case "number":
    case "string":
    case "boolean":
      return { value };
    case "object":
      break;
    default:
      return { path, what: value === undefined ? "undefined" : `a ${typeof value}` };
  }
  if (value === null) return { value };
  if (Array.isArray(value)) return copyList(value, path);
  if (value instanceof Float64Array) return { value: value.slice() };
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return { path, what: nameOf(value) };
  const copy: Record<string, SavedValue> = {};
  for (const [name, each] of Object.entries(value)) {
    const copied = copySaved(each, `${path}.${name}`);
    if ("what" in copied) return copied;
    copy[name] = copied.value;
  }
  return { value: copy };
}

function copyList(list: readonly unknown[], path: string): { readonly value: SavedValue } | NotSaved {
  const copy: SavedValue[] = [];
  for (let k = 0; k < list.length; k += 1) {
    const copied = copySaved(list[k], `${path}[${k}]`);
    if ("what" in copied) return copied;
    copy.push(copied.value);
  }
  return { value: copy };
}

function nameOf(value: object): string {
  const { name } = (value.constructor ?? {}) as { readonly name?: unknown };
  return typeof name === "string" && name !== "" ? `a ${name}` : "an object of its own kind";
}
