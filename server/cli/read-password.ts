import { createInterface } from "node:readline";
import { StartupError } from "../console/startup-error";

/** Asked for without echo, twice, at a terminal; else the first line of standard input. */
export async function readPassword(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) return firstLine();
  const password = await readHidden(prompt);
  if ((await readHidden("Again: ")) !== password)
    throw new StartupError("the two passwords are not the same");
  return password;
}

async function firstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line;
  throw new StartupError("standard input holds no password");
}

const endOfLine = new Set(["\r", "\n", "\u0004"]);
const interrupt = "\u0003";
const erase = new Set(["\u007f", "\b"]);

function readHidden(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(prompt);
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  stdin.resume();
  const typed: string[] = [];
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      stdin.off("data", onData);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write("\n");
      settle();
    };
    const onData = (text: string) => {
      for (const character of text) {
        if (endOfLine.has(character)) return finish(() => resolve(typed.join("")));
        if (character === interrupt) return finish(() => reject(new StartupError("cancelled", 130)));
        if (erase.has(character)) typed.pop();
        else typed.push(character);
      }
    };
    stdin.on("data", onData);
  });
}
