import { listDatasets } from "@tradepulse/data";
import { outputWidth, paint, say, sayJson } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";

/** `tradepulse data list`. */
export function listBundled(options: { readonly json?: boolean }): void {
  const datasets = listDatasets();
  if (options.json === true) {
    sayJson({ schema: 1, datasets: datasets.map((dataset) => ({ ...dataset, path: dataset.path ?? null })) });
    return;
  }
  const width = outputWidth();
  const indent = Math.max(...datasets.map(({ name }) => name.length)) + 2;
  for (const { name, about, source, licence } of datasets) {
    say(hangingText(paint("bold", name.padEnd(indent)), about, width));
    say(hangingText(" ".repeat(indent), paint("dim", name === source ? licence : `${source}, ${licence}`), width));
  }
}
