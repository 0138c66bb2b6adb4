import { setTimeout as wait } from "node:timers/promises";
import { createAudit } from "../audit/audit";
import { openStore } from "./open-store";

/** SQLite's lock is not fair: without a pause whoever writes on and on may keep all others out for seconds. */
const pauseMs = 2;

/** For the test of the store: appends numbered rows and reports each one that the store acknowledged. */
const audit = createAudit(await openStore(process.argv[2] ?? ""));
for (let n = 0; ; n += 1) {
  await audit.append({ phase: "event", who: null, what: "test.row", target: String(n) });
  process.send?.(n);
  await wait(pauseMs);
}
