import { type DataSource, datasourceStatusSchema } from "../../../lib/contract/service-api";
import { until } from "../../testing/until";
import type { Environment } from "../config/environment";
import { startTestService, type TestService } from "../test-service";

/** A service for tests of sources that connect again soon. */
export function startFedService(env: Environment): Promise<TestService> {
  return startTestService({ WEBSOCKET_SOURCES_RETRY_LONGEST: "0.2", WEBSOCKET_SOURCES_TIMEOUT: "5", ...env });
}

/** What GET /admin/datasource-status says of one source. */
export async function sourceStatus(service: TestService, name: string): Promise<DataSource> {
  const answer = await fetch(`${service.adminUrl}/admin/datasource-status`);
  const { datasources } = datasourceStatusSchema.parse(await answer.json());
  const found = datasources.find((source) => source.name === name);
  if (found === undefined) throw new Error(`no data source ${name}`);
  return found;
}

export interface Received {
  /** What came on a topic, in order. */
  of(topic: string): unknown[];
  /** Waits until so many messages came in all. */
  has(count: number): Promise<void>;
}

/** Subscribes to topics with a WebSocket client and keeps what comes. */
export async function receive(service: TestService, topics: string[]): Promise<Received> {
  const client = await service.client();
  const messages: { topic: string; data: unknown }[] = [];
  client.onMessage((message) => messages.push(message));
  for (const topic of topics) {
    const answer = await client.subscribe(topic);
    if (!answer.ok) throw new Error(`${topic}: ${answer.error?.message}`);
  }
  return {
    of: (topic) => messages.filter((message) => message.topic === topic).map(({ data }) => data),
    async has(count) {
      await until(`${count} messages`, () => messages.length >= count);
    },
  };
}
