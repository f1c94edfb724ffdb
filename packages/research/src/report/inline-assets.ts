import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** One library inlined into the page, with what its licence asks to be shown. */
export interface InlinedLibrary {
  readonly name: string;
  readonly version: string;
  readonly licenceName: string;
  /** Full text of the licence. */
  readonly licence: string;
  readonly script: string;
}

/** Every script and style of the page, as text. */
export interface InlineAssets {
  readonly libraries: readonly InlinedLibrary[];
  /** Sets the theme before the first paint. */
  readonly boot: string;
  readonly client: string;
  readonly style: string;
}

/** The client's modules in the order in which they need each other. They become one script, so their names are unique among them. */
const CLIENT_MODULES = [
  "libraries",
  "format",
  "sorted-search",
  "theme",
  "axis-labels",
  "definition-tips",
  "time-range",
  "equity-charts",
  "trip-lines",
  "fill-markers",
  "price-chart",
  "chart-controls",
  "round-trip-rows",
  "round-trip-table",
  "main",
];
const STYLES = ["theme", "layout", "top-bar", "figures", "charts", "tables", "findings", "heat-map", "round-trips", "print"];

let cached: InlineAssets | undefined;

/** Reads the libraries from `node_modules` and the client from beside this file, once per process. */
export function inlineAssets(): InlineAssets {
  cached ??= readAssets();
  return cached;
}

/** The `sha256-…` source by which a content security policy allows exactly this inline text. */
export function integrityOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
}

function readAssets(): InlineAssets {
  const charts = import.meta.resolve("lightweight-charts/package.json");
  const lines = import.meta.resolve("uplot/package.json");
  const modules = CLIENT_MODULES.map((name) => joinable(readText(import.meta.resolve(`./client/${name}.js`))));
  return {
    libraries: [
      library(charts, "dist/lightweight-charts.standalone.production.js"),
      // A script's own `var uPlot` is already a property of the window.
      library(lines, "dist/uPlot.iife.min.js"),
    ],
    boot: scriptText(readText(import.meta.resolve("./client/boot.js"))),
    client: scriptText(`(() => {\n"use strict";\n${modules.join("\n")}\n})();\n`),
    style: [
      readText(new URL("dist/uPlot.min.css", lines).href),
      ...STYLES.map((name) => readText(import.meta.resolve(`./client/${name}.css`))),
    ].join("\n"),
  };
}

function library(packageUrl: string, file: string): InlinedLibrary {
  const { name, version, license } = JSON.parse(readText(packageUrl)) as { name: string; version: string; license: string };
  return {
    name,
    version,
    licenceName: license,
    licence: readText(new URL("LICENSE", packageUrl).href).trim(),
    script: scriptText(readText(new URL(file, packageUrl).href)),
  };
}

/** A client module without its imports and `export` words: what is left runs in one scope with the others. */
function joinable(source: string): string {
  return source.replace(/^import [^;]*;\n/gm, "").replace(/^export (?=function|const|class)/gm, "");
}

/** Script text that cannot end its own element. Inside strings and patterns, the only places where these occur, `\/` and `\!` mean the same. */
function scriptText(source: string): string {
  return source.replace(/<\/(?=script)/gi, "<\\/").replace(/<!--/g, "<\\!--");
}

/** The HTML parser turns every end of line into a line feed before the policy's hash is compared, so the text must have no other. */
function readText(url: string): string {
  return readFileSync(new URL(url), "utf8").replace(/\r\n?/g, "\n");
}
