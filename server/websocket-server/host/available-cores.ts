import { availableParallelism } from "node:os";
import { cached } from "./cached";
import { cgroupFolders, readNumber, readText } from "./cgroup";

/** Cores that this process may use: what the scheduler offers, less what a control group's quota allows. */
export const readAvailableCores = cached((): number => {
  const quotas = cgroupFolders("cpu").flatMap((folder) => {
    const [quota, period] = (readText(`${folder}/cpu.max`) ?? "").split(" ").map(Number);
    const oldQuota = readNumber(`${folder}/cpu.cfs_quota_us`);
    const oldPeriod = readNumber(`${folder}/cpu.cfs_period_us`);
    return [quota && period ? quota / period : null, oldQuota && oldPeriod ? oldQuota / oldPeriod : null];
  });
  const limits = quotas.filter((cores): cores is number => cores !== null && cores > 0);
  return Math.min(availableParallelism(), ...limits);
});
