import { expect, test } from "vitest";
import { describeDestination, safeDestination } from "./destination";

test("only paths of this console are landed on", () => {
  expect(safeDestination("/servers/ws-eu-1?range=5m")).toBe("/servers/ws-eu-1?range=5m");
  for (const wanted of [
    undefined,
    "",
    "https://example.org/",
    "//example.org",
    "/\\example.org",
    "/\t/example.org",
    "javascript:alert(1)",
    "/login?next=/",
    "/api/auth/signout",
  ]) {
    expect(safeDestination(wanted)).toBe("/");
  }
});

test("the page is named before it is opened", () => {
  expect(describeDestination("/")).toEqual({ page: "destinationFleet" });
  expect(describeDestination("/servers/a%20b/connections?q=x")).toEqual({
    page: "destinationConnections",
    server: "a b",
  });
  expect(describeDestination("/incidents/INC-1")).toEqual({ page: "destinationIncident", incident: "INC-1" });
});
