/** Things to stop, the newest first. One that fails does not keep the others from stopping. */
export interface StopList {
  add(stop: () => Promise<unknown> | unknown): void;
  /** Throws the first failure once all were asked. */
  run(): Promise<void>;
}

export function createStopList(): StopList {
  const stops: (() => Promise<unknown> | unknown)[] = [];
  return {
    add: (stop) => stops.push(stop),
    async run() {
      const failures: unknown[] = [];
      for (const stop of stops.splice(0).reverse()) {
        try {
          await stop();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
