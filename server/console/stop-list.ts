/** Things to stop, the newest first. One that fails does not keep the others from stopping. */
export interface StopList {
  /** `name` is what a log says of a stop that fails or never ends. */
  add(name: string, stop: () => Promise<unknown> | unknown): void;
  /** Throws the first failure once all were asked. */
  run(): Promise<void>;
  /** The one that `run` waits for now. */
  underway(): string | null;
}

export function createStopList(): StopList {
  const stops: { name: string; stop: () => Promise<unknown> | unknown }[] = [];
  let underway: string | null = null;
  return {
    add: (name, stop) => stops.push({ name, stop }),
    async run() {
      const failures: unknown[] = [];
      for (const { name, stop } of stops.splice(0).reverse()) {
        underway = name;
        try {
          await stop();
        } catch (error) {
          failures.push(new Error(`${name}: ${String(error)}`, { cause: error }));
        }
      }
      underway = null;
      if (failures.length > 0) throw failures[0];
    },
    underway: () => underway,
  };
}
