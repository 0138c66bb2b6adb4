import type { Auth, Caller } from "../runtime";
import { sessionIdOf } from "./session-token";

/** Who sent a request, by its Cookie header, as the store knows them now. */
export async function callerOf(cookieHeader: string | null | undefined, auth: Auth): Promise<Caller | null> {
  const sessionId = await sessionIdOf(cookieHeader, auth);
  return sessionId === null ? null : auth.session(sessionId);
}
