import { createAudit } from "../audit/audit";
import { openStore } from "./open-store";

/** For the test of the store: appends numbered rows and reports each one that the store acknowledged. */
const audit = createAudit(await openStore(process.argv[2] ?? ""));
for (let n = 0; ; n += 1) {
  await audit.append({ phase: "event", who: null, what: "test.row", target: String(n) });
  process.send?.(n);
}
