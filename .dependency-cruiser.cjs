// Who may import whom: docs/architecture.md. Each rule has a planted violation in
// server/testing/import-rules.test.ts, which fails when a rule no longer fires.

// a fixture that several tests of a folder share is called test-<what>.ts
const tests = "(\\.test\\.tsx?|/test-[a-z-]+\\.ts)$";
const tools = "^server/(testing|bench|demo)/";
const packageOf = (names) => `node_modules/(${names})(/|$)`;

/** @type {import("dependency-cruiser").IForbiddenRuleType[]} */
const forbidden = [
  {
    name: "contract-imports-zod-only",
    comment: "both programs and the browser are built from the contract: it stands on nothing but zod",
    severity: "error",
    from: { path: "^lib/contract/", pathNot: tests },
    to: { pathNot: ["^lib/contract/", packageOf("zod")] },
  },
  {
    name: "lib-imports-lib",
    comment: "lib runs in the browser and in Node alike",
    severity: "error",
    from: { path: "^lib/" },
    to: { path: "^(app|components|server|e2e)/" },
  },
  {
    name: "lib-runs-without-node",
    comment: "lib runs in the browser and in Node alike",
    severity: "error",
    from: { path: "^lib/", pathNot: tests },
    to: { dependencyTypes: ["core"] },
  },
  {
    name: "next-only-in-i18n-request",
    comment: "lib/i18n/request.ts is the one file of lib that may import next",
    severity: "error",
    from: { path: "^lib/", pathNot: "^lib/i18n/request\\.ts$" },
    to: { path: packageOf("next") },
  },
  {
    name: "react-query-only-in-query",
    comment: "components never fetch: one queryOptions function a resource, in lib/query",
    severity: "error",
    from: { path: "^lib/", pathNot: "^lib/query/" },
    to: { path: packageOf("@tanstack/react-query") },
  },
  {
    name: "socket-io-client-only-in-live",
    comment: "the browser's one live connection is made in lib/live",
    severity: "error",
    from: { path: "^(app|components|lib)/", pathNot: "^lib/live/" },
    to: { path: packageOf("socket\\.io-client") },
  },
  {
    name: "components-import-components-and-lib",
    comment: "components run in the browser",
    severity: "error",
    from: { path: "^components/" },
    to: { path: "^(app|server|e2e)/" },
  },
  {
    name: "pages-reach-the-console-by-runtime-and-auth",
    comment: "pages prefetch through server/console/{runtime,auth} and nothing else of the server",
    severity: "error",
    from: { path: "^app/", pathNot: "^app/api/" },
    to: { path: "^server/", pathNot: "^server/console/(runtime\\.ts|auth/)" },
  },
  {
    name: "api-routes-are-a-contract-entry-and-one-call",
    comment: "app/api imports server/console/{runtime,http,auth} and lib/{contract,errors}",
    severity: "error",
    from: { path: "^app/api/", pathNot: tests },
    to: {
      path: "^(app|components|lib|server|e2e)/",
      pathNot: "^(app/api/|lib/contract/|lib/errors\\.ts|server/console/(runtime\\.ts|http/|auth/))",
    },
  },
  {
    name: "app-never-reaches-wiring",
    comment: "otherwise each route bundles the back end again",
    severity: "error",
    from: { path: "^app/" },
    to: { path: "^server/console/(wiring|main|storage)", reachable: true },
  },
  {
    name: "server-never-imports-the-app",
    comment: "the server hands on data, the app shows it",
    severity: "error",
    from: { path: "^server/" },
    to: { path: "^(app|components)/" },
  },
  {
    name: "service-stands-alone",
    comment: "the data service imports lib/{contract,errors}, server/process and itself",
    severity: "error",
    from: { path: "^server/websocket-server/", pathNot: tests },
    to: {
      path: "^(lib|server)/",
      pathNot: "^(lib/contract/|lib/errors\\.ts|server/process/|server/websocket-server/)",
    },
  },
  {
    name: "console-never-imports-the-service",
    comment: "they meet on the wire only",
    severity: "error",
    from: { path: "^(server/console|app|components|lib)/", pathNot: tests },
    to: { path: "^server/websocket-server/" },
  },
  {
    name: "browser-imports-types-of-the-service-api",
    comment: "the schemas of what members serve would only add weight to the page",
    severity: "error",
    from: { path: "^(app|components|lib)/", pathNot: ["^lib/contract/", tests] },
    to: { path: "^lib/contract/service-api/", dependencyTypesNot: ["type-only"] },
  },
  {
    name: "only-the-member-client-speaks-to-members",
    comment: "one dialer, one place for time limits and size caps",
    severity: "error",
    from: {
      path: "^(app|components|lib|server/console)/",
      pathNot: ["^server/console/fleet/(member-client|probe|dialer)", tests],
    },
    to: { path: [packageOf("undici|ws"), "^(node:)?(https|http2|tls|dgram)$"] },
  },
  {
    name: "only-storage-speaks-to-a-database",
    comment:
      "a second engine is then a matter of one folder; listening to a database as a source is something else",
    severity: "error",
    from: {
      path: "^(app|components|lib|server)/",
      pathNot: [
        "^server/console/storage/",
        "^server/websocket-server/sources/postgres-",
        "^server/testing/postgres-server",
        tests,
      ],
    },
    to: { path: packageOf("kysely|libsql|pg"), dependencyTypesNot: ["type-only"] },
  },
  {
    name: "only-charts-know-recharts",
    comment: "it weighs as much as everything else together and is loaded where needed",
    severity: "error",
    from: { pathNot: "^components/charts/" },
    to: { path: packageOf("recharts") },
  },
  {
    name: "no-circles",
    comment: "modules that need each other are one module",
    severity: "error",
    from: { path: "^(app|components|lib|server)/" },
    to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
  },
  {
    name: "packages-are-declared",
    comment: "a package that only another one needs may be gone with the next install",
    severity: "error",
    from: {},
    to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
  },
  {
    name: "production-runs-without-dev-packages",
    comment: "NODE_ENV=production npm ci leaves them out",
    severity: "error",
    from: { path: "^(app|components|lib|server)/", pathNot: [tests, tools] },
    to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
  },
];

module.exports = {
  forbidden,
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.next|dist|data|logs)/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
