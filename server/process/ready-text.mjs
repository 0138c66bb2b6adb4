/** What `npm start` says once everything is up. `console` and `service` are their ready messages. */
export function readyText(console, service) {
  const lines = [`Wirewatch is open at ${console.url}`, `  sign in    ${signInText(console)}`];
  lines.push(`  data       ${console.dataDir}`);
  if (service) lines.push(`  service    ${service.wsUrl} and ${service.adminUrl}`);
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
