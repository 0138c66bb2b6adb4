import { runConsole } from "./run-console";
import { failToStart } from "./startup-error";

runConsole(process.env).catch(failToStart);
