import type { AuthOptions } from "next-auth";
import credentialsProvider from "next-auth/providers/credentials";
import { isCodedError } from "../../../lib/errors";
import { peerHeader } from "../http/own-headers";
import { runtime } from "../runtime";
import { credentialsSchema } from "./credentials";

/** The session's id travels in the token as `sessionId`; all else is asked of the store. */
export function nextAuthOptions(): AuthOptions {
  const { auth, publicUrl, logger } = runtime();
  const port = auth.cookieName.slice(auth.cookieName.lastIndexOf(".") + 1);
  const prefix = auth.secureCookies ? "__Secure-" : "";
  const cookie = { httpOnly: true, sameSite: "lax", path: "/", secure: auth.secureCookies } as const;

  return {
    secret: auth.secret,
    session: { strategy: "jwt", maxAge: 12 * 3_600 },
    useSecureCookies: auth.secureCookies,
    pages: { signIn: "/login", error: "/login", signOut: "/" },
    cookies: {
      sessionToken: { name: auth.cookieName, options: cookie },
      csrfToken: { name: `${prefix}wirewatch.csrf.${port}`, options: cookie },
      callbackUrl: { name: `${prefix}wirewatch.callback.${port}`, options: cookie },
    },
    providers: [
      credentialsProvider({
        credentials: { name: {}, password: {} },
        async authorize(given, request) {
          const credentials = credentialsSchema.safeParse(given);
          if (!credentials.success) return null;
          const header = (name: string) => String(request.headers?.[name] ?? "");
          try {
            const caller = await auth.signIn(credentials.data, {
              ip: header(peerHeader),
              userAgent: header("user-agent"),
            });
            return { id: caller.userId, name: caller.name, sessionId: caller.sessionId };
          } catch (error) {
            if (isCodedError(error) && error.code === "INVALID_TOKEN") return null;
            // next-auth hands the message to the browser, so it is a code and nothing else.
            if (isCodedError(error)) throw new Error(error.code);
            logger.error("sign-in failed", { cause: String(error) });
            throw new Error("INTERNAL");
          }
        },
      }),
    ],
    callbacks: {
      jwt({ token, user }) {
        const sessionId = user && "sessionId" in user ? user.sessionId : token.sessionId;
        return { sub: token.sub, name: token.name, sessionId };
      },
      async session({ session, token }) {
        const caller = typeof token.sessionId === "string" ? await auth.session(token.sessionId) : null;
        if (!caller) return { expires: session.expires };
        return { expires: session.expires, user: { name: caller.name, role: caller.role } };
      },
      /** next-auth's client needs whole addresses; none of another host is ever given. */
      redirect({ url }) {
        const target = URL.canParse(url, publicUrl) ? new URL(url, publicUrl) : null;
        return target?.origin === new URL(publicUrl).origin ? target.href : publicUrl;
      },
    },
    events: {
      async signOut({ token }) {
        if (typeof token?.sessionId === "string") await auth.signOut(token.sessionId);
      },
    },
    logger: {
      error: (code) => logger.error("next-auth", { code }),
      warn: (code) => logger.warn("next-auth", { code }),
      debug: () => undefined,
    },
  };
}
