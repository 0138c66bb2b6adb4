import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { pathHeader } from "../http/own-headers";
import { type Caller, runtime } from "../runtime";
import { callerOf } from "./request-caller";

/** Who looks at the page; null when nobody is signed in. Read once a request. */
export const currentCaller = cache(async (): Promise<Caller | null> => {
  return callerOf((await headers()).get("cookie"), runtime().auth);
});

/** Sends to the sign-in page, and from there back, when nobody is signed in. */
export async function requireCaller(): Promise<Caller> {
  const caller = await currentCaller();
  if (caller) return caller;
  const path = (await headers()).get(pathHeader) ?? "/";
  redirect(path === "/" ? "/login" : `/login?next=${encodeURIComponent(path)}`);
}
