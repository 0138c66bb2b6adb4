import { isCodedError } from "../../lib/errors";

/** A reason not to start that is told in `message` as it stands, without a stack, before the process ends. */
export class StartupError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "StartupError";
    this.exitCode = exitCode;
  }
}

/** Exit code for wrong settings. Source: EX_CONFIG of sysexits.h. */
export const wrongSettings = 78;

/** Ends the process: with one plain line for what people can put right, with the whole stack for the rest. */
export function failToStart(error: unknown): never {
  if (error instanceof StartupError) {
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  }
  if (isCodedError(error) && error.code === "INVALID_CONFIG") {
    process.stderr.write(`${error.message}\n`);
    process.exit(wrongSettings);
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
