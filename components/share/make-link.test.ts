import { expect, test } from "vitest";
import { canMake, firstChoices } from "./link-choices";
import { requestOf } from "./make-link";
import type { ShareSubject } from "./share-subject";

const connections: Extract<ShareSubject, { kind: "view" }> = {
  kind: "view",
  page: "server-connections",
  serverId: "ws-eu-1",
};
const onScreen = {
  path: "/servers/ws-eu-1/connections?q=bot",
  fromMs: 1_000.7,
  toMs: 61_000.2,
  viewId: "v7",
};

test("the snapshot asks for what is on screen: page, address, window and the very rows", () => {
  expect(requestOf(connections, firstChoices, onScreen)).toEqual({
    page: "server-connections",
    serverId: "ws-eu-1",
    path: "/servers/ws-eu-1/connections?q=bot",
    fromMs: 1_000,
    toMs: 61_000,
    viewId: "v7",
  });
});

test("a fleet's snapshot names no server and no rows, and takes its incident along", () => {
  const incident = { kind: "add", incidentId: "INC-7" } as const;
  const fleet = { kind: "view", page: "fleet", serverId: null } as const;
  expect(requestOf(fleet, { ...firstChoices, incident }, { path: "/", fromMs: 0, toMs: 5 })).toEqual({
    page: "fleet",
    path: "/",
    fromMs: 0,
    toMs: 5,
    incident,
  });
});

test("a link needs a session and leaves people out unless the sender chooses otherwise", () => {
  expect(firstChoices.audience).toBe("signedIn");
  expect(firstChoices.redaction).toMatchObject({ clientIps: true, userNames: true, notes: true });
});

test("an incident without a title that the console takes makes no link", () => {
  const titled = (title: string) => ({
    ...firstChoices,
    incident: { kind: "new", title, severity: "sev2", status: "open" } as const,
  });
  expect(canMake(firstChoices)).toBe(true);
  expect(canMake(titled("  abc "))).toBe(false);
  expect(canMake(titled("late"))).toBe(true);
});
