import { isCodedError } from "../../lib/errors";
import { findProjectRoot } from "../console/project-root";
import { failToStart } from "../console/startup-error";
import { readPassword } from "./read-password";
import { UsageError, usage } from "./usage";
import { runUsersCommand } from "./users-command";

/** Exit codes: 0 done, 1 refused, 2 asked wrongly, 78 wrong settings. */
async function run(args: string[]): Promise<void> {
  const [command, ...rest] = args;
  if (command === undefined || command === "help" || args.includes("--help") || args.includes("-h")) {
    process.stdout.write(usage);
    return;
  }
  if (command !== "users") throw new UsageError(`there is no command ${command}`);
  await runUsersCommand(rest, {
    env: process.env,
    projectRoot: findProjectRoot(),
    readPassword,
    print: (line) => process.stdout.write(`${line}\n`),
  });
}

run(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${usage}`);
    process.exitCode = 2;
  } else if (isCodedError(error)) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else failToStart(error);
});
