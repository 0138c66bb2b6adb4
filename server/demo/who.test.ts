import { isIPv4 } from "node:net";
import { describe, expect, it } from "vitest";
import { chooseWho } from "./who";

describe("chooseWho", () => {
  it("stays on loopback and says a program, for every throw of the dice", () => {
    for (let i = 0; i < 1_000; i++) {
      const { userAgent, localAddress = "" } = chooseWho(() => i / 1_000, "linux");
      expect(userAgent).not.toBe("");
      expect(isIPv4(localAddress)).toBe(true);
      expect(localAddress.startsWith("127.")).toBe(true);
    }
  });

  it("leaves the address to the platform where loopback has only one", () => {
    expect(chooseWho(() => 0.5, "darwin").localAddress).toBeUndefined();
  });
});
