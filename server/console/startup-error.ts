/** A reason not to start that is told in `message` as it stands, without a stack, before the process ends. */
export class StartupError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "StartupError";
    this.exitCode = exitCode;
  }
}
