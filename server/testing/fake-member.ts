import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Stats } from "../../lib/contract/service-api";
import { behaviours, json, type Mode } from "./behaviours";
import { statsFixture, type Traffic } from "./stats-fixture";

export interface FakeMember {
  readonly adminUrl: string;
  mode: Mode;
  traffic: Partial<Traffic>;
  /** Changes the figures of valid answers. */
  change: (stats: Stats) => void;
  /** Answers of other endpoints by path; without one the answer is 404. */
  readonly answers: Map<
    string,
    /** `sent` is the question's JSON; null without one. */
    (
      request: IncomingMessage,
      sent: unknown,
    ) => { body: unknown; status?: number; headers?: Record<string, string> }
  >;
  /** Questions so far, and the most that were open at one time. */
  readonly asked: { method: string; path: string; headers: IncomingMessage["headers"] }[];
  readonly mostAtOnce: () => number;
  /** As a new start of the process would: new instance, counters from 0. */
  restart(): void;
  close(): Promise<void>;
}

/** A member over real HTTP on a free loopback port that misbehaves as told. */
export async function startFakeMember(
  options: {
    id?: string;
    mode?: Mode;
    traffic?: Partial<Traffic>;
    now?: () => number;
    /** Listens here again, as a service that comes back does. */
    port?: number;
  } = {},
): Promise<FakeMember> {
  const now = options.now ?? Date.now;
  const id = options.id ?? "fake";
  let identity = { id, instanceId: randomUUID(), startedAtMs: now() - 60_000 };
  let open = 0;
  let most = 0;
  const timers = new Set<NodeJS.Timeout>();

  const stats = (): Stats => {
    const answer = statsFixture(identity, now() - identity.startedAtMs, member.traffic);
    member.change(answer);
    return answer;
  };

  const server = createServer((request, response) => {
    open++;
    most = Math.max(most, open);
    response.on("close", () => open--);
    const path = request.url?.split("?")[0] ?? "";
    member.asked.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers });
    const answer = async () => {
      const other = member.answers.get(path);
      if (path === "/stats" && !other) return json(response, 200, stats());
      if (!other) return json(response, 404, { error: { code: "NOT_FOUND", message: "" } });
      const text = Buffer.concat(await request.toArray()).toString();
      const { body, status, headers } = other(request, text === "" ? null : JSON.parse(text));
      json(response, status ?? 200, body, headers);
    };
    behaviours[member.mode]({
      request,
      response,
      answer: () => void answer(),
      stats: () => JSON.stringify(stats()),
      timers,
    });
  });

  const member: FakeMember = {
    adminUrl: "",
    mode: options.mode ?? "ok",
    traffic: options.traffic ?? {},
    change: () => {},
    answers: new Map(),
    asked: [],
    mostAtOnce: () => most,
    restart() {
      identity = { id, instanceId: randomUUID(), startedAtMs: now() };
    },
    close: () =>
      new Promise((resolve) => {
        for (const timer of timers) clearInterval(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  return Object.assign(member, { adminUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}
