import { afterEach } from "vitest";
import { type RedisServer, startRedis } from "../../testing/redis-server";
import { startTestService, type TestService } from "../test-service";

/** What makes a service one of a fleet on this Redis that clients may publish to. */
export function fleetEnv(redisUrl: string): Record<string, string> {
  return {
    WEBSOCKET_CACHE_BACKEND: "redis",
    WEBSOCKET_REDIS_URL: redisUrl,
    WEBSOCKET_REDIS_TIMEOUT: "1",
    WEBSOCKET_REDIS_LEASE: "1",
    WEBSOCKET_SOURCES_SIMULATED_ENABLED: "false",
    WEBSOCKET_PUBLISH_ALLOW: "room.*",
    WEBSOCKET_MESSAGES_MAX_PER_SECOND: "1000000",
  };
}

export interface Fleet {
  /** Also ends what a test starts besides, newest first. */
  readonly ends: (() => unknown)[];
  redis(options?: Parameters<typeof startRedis>[0]): Promise<RedisServer>;
  service(redisUrl: string, env?: Record<string, string>): Promise<TestService>;
}

/** For a test file: what it starts ends with each test. */
export function testFleet(): Fleet {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  return {
    ends,
    async redis(options = {}) {
      const server = await startRedis(options);
      ends.push(() => server.end());
      return server;
    },
    async service(redisUrl, env = {}) {
      const started = await startTestService({ ...fleetEnv(redisUrl), ...env });
      ends.push(() => started.end());
      return started;
    },
  };
}
