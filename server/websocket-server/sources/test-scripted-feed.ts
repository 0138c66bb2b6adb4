import type { Feed, Session } from "./source";

export interface ScriptedFeed extends Feed {
  /** The sessions so far, the newest last. */
  readonly sessions: Session[];
  /** Ends the newest session with an error. */
  fail(error: unknown): void;
}

/** A feed that a test drives by hand, to try what no server can be made to do. `opens` says what run does first. */
export function scriptedFeed(
  name: string,
  opens: (session: Session) => void = (s) => s.connected(),
): ScriptedFeed {
  const sessions: Session[] = [];
  let fail: (error: unknown) => void = () => {};
  return {
    name,
    type: "scripted",
    secrets: ["hunter2"],
    sessions,
    covers: (topic) => topic.startsWith(`${name}.`),
    fail: (error) => fail(error),
    run: (session) =>
      new Promise((resolve, reject) => {
        fail = reject;
        sessions.push(session);
        session.signal.addEventListener("abort", () => resolve());
        try {
          opens(session);
        } catch (error) {
          reject(error);
        }
      }),
  };
}
