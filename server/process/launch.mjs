import { bundledService } from "./bundled-service.mjs";
import { requireFreePorts } from "./ports.mjs";
import { superviseConsole, superviseOnlyConsole, superviseService } from "./programs.mjs";
import { PlainError } from "./project.mjs";
import { readyText } from "./ready-text.mjs";
import { dataDirSetting, pathSetting, portSetting } from "./settings.mjs";
import { EarlyExit } from "./supervise.mjs";

export const say = (line) => process.stdout.write(`${line}\n`);
export const warn = (line) => process.stderr.write(`${line}\n`);

/** `npm start`: the console and, unless a fleet is named, one bundled data service. */
export async function launchAll(signal, env = process.env) {
  const dataDir = dataDirSetting(env);
  const service = env.WIREWATCH_FLEET ? null : bundledService(env, dataDir);
  await requireFreePorts([consolePort(env), ...(service?.ports ?? [])]);
  await runAll(signal, async (add) => {
    const bundled = service && add(() => superviseService({ env: service.env, say: warn }));
    const member = bundled && service.member(await bundled.ready);
    const console = add(() => superviseConsole({ env: consoleEnv(env, dataDir, member), say: warn }));
    say(readyText(withPasswordSource(await console.ready, env), member));
  });
}

/** `npm run console`: the console alone, its log on the terminal. */
export async function launchConsole(signal, env = process.env) {
  const dataDir = dataDirSetting(env);
  await requireFreePorts([consolePort(env)]);
  await runAll(signal, async (add) => {
    const own = consoleEnv(env, dataDir, null);
    const console = add(() => superviseOnlyConsole({ env: own, say: warn, onLine: passOn }));
    say(readyText(withPasswordSource(await console.ready, env), null));
  });
}

function passOn(line, stream) {
  (stream === "stderr" ? warn : say)(line);
}

/**
 * Starts programs one after the other (`start` hands each to `add` as a function), then waits for `signal`. Whatever
 * happens, all of them have ended when it returns. A program that ends before it is ready ends the rest.
 */
export async function runAll(signal, start) {
  const programs = [];
  const add = (launch) => {
    signal.throwIfAborted();
    const program = launch();
    programs.push(program);
    return program;
  };
  const stopped = new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", resolve, { once: true });
  });
  try {
    await Promise.race([start(add).then(() => stopped), stopped]);
  } catch (error) {
    if (error instanceof EarlyExit) throw new PlainError(error.saidWhy ? "" : error.message, error.exitCode);
    throw error;
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
  }
}

export function consoleEnv(env, dataDir, member) {
  // the member says it all, with the ports that were really taken
  const own = Object.entries(env).filter(([variable]) => !member || !variable.startsWith("WEBSOCKET_"));
  return {
    ...Object.fromEntries(own),
    ...pathSetting(env, "WIREWATCH_FLEET"),
    WIREWATCH_DATA_DIR: dataDir,
    ...(member ? { WIREWATCH_BUNDLED_MEMBER: JSON.stringify(member) } : {}),
  };
}

export function consolePort(env) {
  return { variable: "PORT", host: env.HOST || "127.0.0.1", port: portSetting(env, "PORT", 3000) };
}

export function withPasswordSource(ready, env) {
  return { ...ready, passwordFromEnvironment: Boolean(env.WIREWATCH_ADMIN_PASSWORD) };
}
