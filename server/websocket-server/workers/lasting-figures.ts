import type { ProcessFigures } from "../stats/process-figures";
import type { ShardFigures } from "../stats/shard-figures";
import { addCarried, addCarriedProcess, figuresAfterDeath, processAfterDeath } from "./carried-figures";
import type { Beat } from "./messages";

/** What a worker told last, with the totals of its processes before. `beat` is the newest of the one that runs. */
export class LastingFigures {
  readonly #vacant: () => ShardFigures;
  #carried: ShardFigures;
  #carriedProcess: ProcessFigures | null = null;
  /** Of the process that runs. */
  #newest: ShardFigures;

  /** `vacant` answers the figures of a worker without connections. */
  constructor(vacant: () => ShardFigures) {
    this.#vacant = vacant;
    this.#carried = vacant();
    this.#newest = vacant();
  }

  ofShard(beat: Beat | null): ShardFigures {
    if (beat) this.#newest = { ...this.#newest, ...beat.counts };
    return addCarried(this.#carried, this.#newest);
  }

  /** Null when none was ever heard of. */
  ofProcess(beat: Beat | null): ProcessFigures | null {
    return beat ? addCarriedProcess(this.#carriedProcess, beat.process) : this.#carriedProcess;
  }

  /** All figures of the process that runs, newer than its beat. */
  take(beat: Beat, figures: ShardFigures): void {
    beat.counts = figures;
    this.#newest = figures;
  }

  /** The process is gone. Answers what it told last. */
  end(beat: Beat | null): ShardFigures {
    const last = this.ofShard(beat);
    this.#carried = figuresAfterDeath(last, this.#vacant());
    this.#newest = this.#vacant();
    const process = beat && this.ofProcess(beat);
    if (process) this.#carriedProcess = processAfterDeath(process);
    return last;
  }
}
