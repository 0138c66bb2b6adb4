/** Ends the session through next-auth's own endpoint and leaves for the sign-in page. */
export async function signOut(): Promise<void> {
  const { csrfToken } = (await (await fetch("/api/auth/csrf")).json()) as { csrfToken: string };
  await fetch("/api/auth/signout", {
    method: "POST",
    body: new URLSearchParams({ csrfToken, json: "true", callbackUrl: "/login" }),
  });
  window.location.assign("/login");
}
