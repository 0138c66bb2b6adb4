/**
 * Milliseconds on the clock that all processes of a machine share. `performance.timeOrigin` is the wall clock as it
 * stood when a process began: between two of them it may have been set.
 */
const offsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** `acceptedAtMs` of a message, on the machine's clock. */
export function toMachineClock(acceptedAtMs: number): number {
  return acceptedAtMs - performance.timeOrigin + offsetMs;
}

export function fromMachineClock(machineMs: number): number {
  return machineMs - offsetMs + performance.timeOrigin;
}
