/**
 * Renders the Mermaid sources of the documents to SVG, those that changed:
 *
 *   npm run diagrams -- --mmdc <path of mmdc> [--browser /usr/bin/chromium] [--all]
 *
 * The renderer is needed for this alone and brings 200 packages, so it is no dependency. Install it outside the repository:
 *
 *   PUPPETEER_SKIP_DOWNLOAD=1 npm install --prefix /tmp/mermaid @mermaid-js/mermaid-cli@11.17.0
 *   npm run diagrams -- --mmdc /tmp/mermaid/node_modules/.bin/mmdc
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { diagramProblem, diagramSources, imageOf, stampOf } from "./documents/diagram-stamp.ts";

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    mmdc: { type: "string" },
    browser: { type: "string", default: "/usr/bin/chromium" },
    all: { type: "boolean", default: false },
  },
});
if (values.mmdc === undefined) {
  console.error(
    "Cannot render diagrams: the renderer is not named, allowed is --mmdc <path>\n  next  see the head of scripts/render-diagrams.ts",
  );
  process.exit(2);
}

// Labels as plain text: an image may be shown where HTML inside SVG is not.
const mermaid = {
  theme: "neutral",
  fontFamily: "sans-serif",
  deterministicIds: true,
  htmlLabels: false,
  flowchart: { htmlLabels: false, curve: "basis", wrappingWidth: 300, nodeSpacing: 30, rankSpacing: 36 },
};
const scratch = mkdtempSync(join(tmpdir(), "tradepulse-diagrams-"));
try {
  const mermaidConfig = join(scratch, "mermaid.json");
  const browserConfig = join(scratch, "browser.json");
  writeFileSync(mermaidConfig, JSON.stringify(mermaid));
  writeFileSync(browserConfig, JSON.stringify({ executablePath: values.browser, args: ["--no-sandbox"] }));
  for (const source of diagramSources(join(root, "docs"))) {
    if (!values.all && diagramProblem(source) === undefined) continue;
    const image = imageOf(source);
    const drawn = join(scratch, "drawn.svg");
    execFileSync(values.mmdc, ["-q", "-i", source, "-o", drawn, "-c", mermaidConfig, "-p", browserConfig, "-b", "white"], {
      stdio: "inherit",
    });
    writeFileSync(image, `${readFileSync(drawn, "utf8").trimEnd()}\n${stampOf(source)}\n`);
    console.log(relative(root, image));
  }
} finally {
  rmSync(scratch, { recursive: true });
}
