/**
 * Who may import whom. `npm run boundaries` (part of `npm run check`) enforces it, type-only imports included.
 * Arrows point towards core/model. The tables below are the whole policy; the rules are derived from them.
 * Tests and benchmarks beside the code are exempt from the layers inside core and may use npm and Node.
 */

/** A layer of packages/core/src -> the layers it may import besides itself. */
const coreLayers = {
  model: [],
  market: ["model"],
  orders: ["model"],
  portfolio: ["model"],
  indicators: ["model"],
  risk: ["model"],
  strategy: ["model", "market", "indicators"],
  features: ["model", "market", "indicators"],
  simulator: ["model", "market", "orders", "portfolio"],
  analytics: ["model", "portfolio"],
  engine: ["model", "market", "orders", "portfolio", "indicators", "risk", "strategy", "features", "simulator", "analytics"],
  testing: ["model", "market", "orders", "portfolio", "indicators", "risk", "strategy", "features", "simulator", "analytics", "engine"],
};

/** A package -> the packages it may import. simulation, benchmarks, examples and scripts may import anything. */
const packages = {
  "packages/core": [],
  "packages/research": ["packages/core", "packages/data"],
  "packages/data": ["packages/core"],
  "packages/platform": ["packages/core"],
  "packages/venues": ["packages/core", "packages/platform"],
  "packages/live": ["packages/core", "packages/platform", "packages/venues", "packages/data"],
  "apps/cli": ["packages/core", "packages/research", "packages/data", "packages/platform", "packages/venues", "packages/live"],
};

/** The files behind each package's `exports`: the only ones another package can reach. */
const doors = {
  "packages/core": ["src/index.ts", "src/testing/index.ts", "src/engine/drive-bars.ts", "package.json"],
  "packages/research": ["src/index.ts", "package.json"],
  "packages/data": ["src/index.ts", "package.json"],
  "packages/platform": ["src/index.ts", "src/testing/index.ts", "package.json"],
  "packages/venues": ["src/index.ts", "src/testing/index.ts", "package.json"],
  "packages/live": ["src/index.ts", "src/testing/index.ts", "package.json"],
  "apps/cli": ["src/index.ts", "package.json"],
};

const testFile = "\\.(test|bench)\\.ts$";
const core = "^packages/core/src/";
const oneOf = (names) => `(?:${names.join("|")})`;
const literal = (path) => path.replaceAll(".", "\\.");

const layerRules = Object.entries(coreLayers).map(([layer, allowed]) => ({
  name: `core-${layer}`,
  severity: "error",
  comment: allowed.length === 0 ? `core/${layer} imports nothing` : `core/${layer} may import only ${allowed.join(", ")}`,
  from: { path: `${core}${layer}/`, pathNot: testFile },
  to: { path: core, pathNot: `${core}${oneOf([layer, ...allowed])}/` },
}));

const packageRules = Object.entries(packages).flatMap(([name, allowed]) => [
  {
    name: `${name.replace("/", "-")}-imports`,
    severity: "error",
    comment: allowed.length === 0 ? `${name} imports no other package` : `${name} may import only ${allowed.join(", ")}`,
    from: { path: `^${name}/` },
    to: { path: "^(?:packages|apps|simulation|examples|benchmarks|scripts)/", pathNot: `^${oneOf([name, ...allowed])}/` },
  },
  {
    name: `${name.replace("/", "-")}-doors`,
    severity: "error",
    comment: `${name} is reached only through its exports: ${doors[name].join(", ")}`,
    from: { path: "^(?:packages|apps)/", pathNot: `^${name}/` },
    to: { path: `^${name}/`, pathNot: `^${name}/${oneOf(doors[name].map(literal))}$` },
  },
  {
    name: `${name.replace("/", "-")}-by-name`,
    severity: "error",
    comment: `another package imports ${name} by its package name, not by a relative path`,
    from: { path: "^(?:packages|apps)/", pathNot: `^${name}/` },
    to: { path: `^${name}/`, dependencyTypes: ["local"] },
  },
]);

export default {
  forbidden: [
    ...layerRules,
    ...packageRules,
    {
      name: "core-layers-known",
      severity: "error",
      comment: "Every folder of core has a row in the table of layers in .dependency-cruiser.mjs.",
      from: { path: `${core}[^/]+/`, pathNot: `${core}${oneOf(Object.keys(coreLayers))}/` },
      to: {},
    },
    {
      name: "core-index-without-testing",
      severity: "error",
      comment: "core's table of contents leaves testing out: it has its own door.",
      from: { path: `${core}index\\.ts$` },
      to: { path: `${core}testing/` },
    },
    {
      name: "core-is-pure",
      severity: "error",
      comment: "core imports neither Node nor npm packages.",
      from: { path: core, pathNot: testFile },
      to: { dependencyTypes: ["core", "npm", "npm-dev", "npm-optional", "npm-peer", "npm-bundled", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "pg-behind-env",
      severity: "error",
      comment: "The driver of PostgreSQL is reached through env.postgres, which protects the connection before the driver sees it.",
      from: { pathNot: `${literal("packages/platform/src/env/real-postgres")}(-client)?\\.ts$` },
      to: { path: "node_modules/(pg|@types/pg)/" },
    },
    {
      name: "no-circular",
      severity: "error",
      comment: "Modules form no circles. A circle of type-only imports is allowed.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-test-imported",
      severity: "error",
      comment: "A test is imported by nobody.",
      from: { pathNot: testFile },
      to: { path: testFile },
    },
    {
      name: "no-undeclared",
      severity: "error",
      comment: "An import is declared in the importing package's own package.json. npm hoists, so an undeclared one works by accident.",
      from: { path: "^(?:packages|apps)/", pathNot: testFile },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "npm-dev"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "not-to-unresolvable",
      severity: "error",
      comment: "The import leads nowhere: a missing file, or a path that the package does not export.",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["/dist/", "/coverage/", "(^|/)runs/"] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".mjs", ".js", ".json"],
      mainFields: ["module", "main", "types"],
    },
    moduleSystems: ["es6", "cjs"],
    cache: false,
  },
};
