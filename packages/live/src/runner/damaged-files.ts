import { TOWN_ACCOUNT } from "../testing/live-town.ts";
import type { TamperedTown } from "../testing/tampered-town.ts";

const ENCODER = new TextEncoder();
/** Folder of the session of a tampered town. */
export const SESSION = `${TOWN_ACCOUNT}/in-and-out`;
/** A sound word of an operator. */
export const WORD = { action: "flatten", reason: "drill", by: "ada" };

/** Writes a file that a live process reads while it runs or when it starts. Where it is damaged, what it says is not believed, and a person is told. */
export async function put(town: TamperedTown, path: string, content: string | Uint8Array): Promise<void> {
  const { files } = town.man("hand").env;
  await files.makeFolder(path.slice(0, path.lastIndexOf("/")));
  await files.replace(path, typeof content === "string" ? ENCODER.encode(content) : content);
}

/** What such a file holds. */
export async function read(town: TamperedTown, path: string): Promise<string> {
  return new TextDecoder().decode(await town.man("hand").env.files.read(path));
}
