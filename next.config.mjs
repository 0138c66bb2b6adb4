import createNextIntlPlugin from "next-intl/plugin";

const withNextIntl = createNextIntlPlugin("./lib/i18n/request.ts");

/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // npm run verify checks the types of everything; here it would ask for the test tools that
  // NODE_ENV=production npm ci leaves out
  typescript: { ignoreBuildErrors: true },
  // otherwise a lock file further up the tree moves the root there
  turbopack: { root: import.meta.dirname },
  serverExternalPackages: ["libsql", "kysely", "@node-rs/argon2", "undici", "ws"],
};

export default withNextIntl(config);
