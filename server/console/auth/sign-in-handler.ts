import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { nextAuthOptions } from "./next-auth-options";

/** next-auth's own routes. The options are made anew for each request, since a build runs without a console. */
export async function handleSignIn(
  request: NextRequest,
  context: { params: Promise<{ nextauth: string[] }> },
): Promise<Response> {
  return NextAuth(request, context, nextAuthOptions());
}
