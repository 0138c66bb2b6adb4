import type { Connections } from "../connections/connections";

interface Watch {
  ips: Set<string>;
  back: Set<string>;
  forget(): void;
}

/** Notes which addresses connect again, under names that the watchers choose. */
export class AddressWatches {
  readonly #watches = new Map<string, Watch>();
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  add(name: string, ips: readonly string[]): void {
    const watch = this.#watches.get(name) ?? this.#begin(name);
    for (const ip of ips) watch.ips.add(ip);
  }

  cameBack(name: string): string[] {
    return [...(this.#watches.get(name)?.back ?? [])];
  }

  end(name: string): void {
    this.#watches.get(name)?.forget();
    this.#watches.delete(name);
  }

  #begin(name: string): Watch {
    const ips = new Set<string>();
    const back = new Set<string>();
    const forget = this.#connections.onOpened(({ remoteIp }) => {
      if (ips.has(remoteIp)) back.add(remoteIp);
    });
    const watch = { ips, back, forget };
    this.#watches.set(name, watch);
    return watch;
  }
}
