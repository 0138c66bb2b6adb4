import type { Logger } from "../../process/logger";
import type { Sequencer } from "../topics/sequencer";
import type { Publish } from "./source";

/**
 * Takes what sources say to the sequencer. A message that finds no place is lost unless its
 * source offers it again, which the log tells once a while.
 */
export function feed(sequencer: Sequencer, logger: Logger): Publish {
  let lost = 0;
  return (topic, data, source) => {
    const placed = sequencer.publish(topic, JSON.stringify(data ?? null), source);
    placed.then(
      () => {
        if (lost > 0) logger.info("publish works again", { lost });
        lost = 0;
      },
      (error: unknown) => {
        if (lost === 0) logger.error("publish failed", { topic, error: String(error) });
        lost++;
      },
    );
    return placed;
  };
}
