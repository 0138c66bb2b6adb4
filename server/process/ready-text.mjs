/** What `npm start` says once everything is up. `console` and `service` are their ready messages. */
export function readyText(console, service) {
  const lines = [`Wirewatch is open at ${console.url}`, `  sign in    ${signInText(console)}`];
  lines.push(`  data       ${console.dataDir}`);
  if (service) lines.push(`  service    ${service.wsUrl} and ${service.adminUrl}`);
  if (service?.adminUrl.startsWith("https:")) lines.push(...tlsText(service));
  lines.push("  Ctrl-C ends all of it");
  return lines.join("\n");
}

function signInText({ adminUser, generatedPassword, passwordFromEnvironment }) {
  if (generatedPassword) {
    return `${adminUser} / ${generatedPassword} (generated now, not shown again)`;
  }
  if (passwordFromEnvironment) return `${adminUser}, with the password of WIREWATCH_ADMIN_PASSWORD`;
  return `${adminUser}, with the password of the first start (a new one: npx wirewatch users passwd ${adminUser})`;
}

/** The console checks certificates like every other client, and reaches this service by its address. */
function tlsText({ adminUrl }) {
  const { hostname } = new URL(adminUrl);
  return [
    `  TLS        its certificate has to name ${hostname}; with a CA of your own set NODE_EXTRA_CA_CERTS to its file.`,
    "             For another name start the two apart (npm run websocket-server, npm run console), with",
    "             admin_url: https://… and ws_url: wss://… in a fleet file that WIREWATCH_FLEET names",
  ];
}
