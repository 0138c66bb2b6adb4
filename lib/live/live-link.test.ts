import { expect, test } from "vitest";
import { livePath } from "../contract/live";
import { socketPath } from "./live-link";

test("the browser's copy of the socket's path is the contract's", () => {
  expect(socketPath).toBe(livePath);
});
