import { expect, test } from "vitest";
import { dataSourceSchema, datasourceStatusSchema } from "../../../lib/contract/service-api";
import { until } from "../../testing/until";
import { startTestService } from "../test-service";

test("a restart is a reconnect, is answered with the state and leaves an audit line", async () => {
  const service = await startTestService({ WEBSOCKET_SOURCES_SIMULATED_ENABLED: "true" });
  try {
    const post = (name: string) =>
      fetch(`${service.adminUrl}/admin/datasources/${name}/restart`, {
        method: "POST",
        headers: { "x-requested-by": "ada" },
      });
    const answer = await post("prices");
    expect(answer.status).toBe(200);
    const restarted = dataSourceSchema.parse(await answer.json());
    expect(restarted).toMatchObject({ name: "prices", state: "running", reconnects_total: 1 });
    const status = await fetch(`${service.adminUrl}/admin/datasource-status`);
    const { datasources } = datasourceStatusSchema.parse(await status.json());
    expect(datasources.map(({ name, reconnects_total }) => [name, reconnects_total])).toEqual([
      ["prices", 1],
      ["sensors", 0],
      ["events", 0],
    ]);
    const line = /audit method=POST path=\/admin\/datasources\/prices\/restart by=ada/;
    await until("the audit line is written", () => line.test(service.logText()));
    const unknown = await post("nobody");
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ error: { code: "UNKNOWN_SOURCE" } });
  } finally {
    await service.end();
  }
});
