import { existsSync, rmSync, writeFileSync } from "node:fs";
import { withBuildLock } from "../process/build-lock.mjs";
import { runStep } from "../process/run-step.mjs";

const lockFile = "/var/lock/wirewatch-apt-install.lock";
const policyFile = "/usr/sbin/policy-rc.d";

/** Whether packages can be installed here without asking anyone. */
export const canInstallByApt = () => process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");

/**
 * Installs packages and resolves with what apt-get printed. One install at a time on this machine. The services
 * that packages bring are not started: tests run servers of their own.
 */
export async function installByApt(packages, signal) {
  if (!canInstallByApt()) return "needs root and Debian";
  return withBuildLock(lockFile, () => withoutServiceStarts(() => install(packages, signal)), { signal });
}

async function install(packages, signal) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  // another apt-get on the machine is waited for
  const patience = ["-o", "DPkg::Lock::Timeout=300"];
  const update = await runStep("apt-get", [...patience, "update"], { env, signal, timeoutMs: 300_000 });
  const args = [...patience, "install", "-y", "--no-install-recommends", ...packages];
  const { output } = await runStep("apt-get", args, { env, signal, timeoutMs: 900_000 });
  return update.output + output;
}

/** Debian's scripts ask this file before they start a service; 101 forbids it. A machine's own policy stays. */
async function withoutServiceStarts(work) {
  if (existsSync(policyFile)) return work();
  writeFileSync(policyFile, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    return await work();
  } finally {
    rmSync(policyFile, { force: true });
  }
}
