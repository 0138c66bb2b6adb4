export type SignInOutcome = "ok" | "wrong" | "tooMany" | "unreachable" | "failed";

/**
 * Signs in through next-auth's own endpoints: a token against cross-site requests first, then name and
 * password. The session comes back as a cookie.
 */
export async function signIn(name: string, password: string): Promise<SignInOutcome> {
  try {
    const { csrfToken } = (await (await fetch("/api/auth/csrf")).json()) as { csrfToken: string };
    const answer = await fetch("/api/auth/callback/credentials", {
      method: "POST",
      body: new URLSearchParams({ csrfToken, name, password, json: "true", callbackUrl: "/" }),
    });
    const body = (await answer.json()) as { url?: string };
    const error = body.url ? new URL(body.url, window.location.href).searchParams.get("error") : null;
    if (error === "CredentialsSignin" || error === "INVALID_TOKEN") return "wrong";
    if (error === "TOO_MANY_ATTEMPTS" || answer.status === 429) return "tooMany";
    return answer.ok && error === null ? "ok" : "failed";
  } catch {
    return "unreachable";
  }
}
