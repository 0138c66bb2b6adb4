"use client";

import { CornerDownLeft, Eye, EyeOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, useRef, useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { type SignInOutcome, signIn } from "./sign-in";

type Problem = Exclude<SignInOutcome, "ok"> | "nameMissing" | "passwordMissing";

export function LoginForm({ destination }: { destination: string }) {
  const t = useTranslations("login");
  const form = useRef<HTMLFormElement>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [running, setRunning] = useState(false);
  const [shown, setShown] = useState(false);

  async function onSubmit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const name = String(fields.get("name") ?? "").trim();
    const password = String(fields.get("password") ?? "");
    if (name === "" || password === "") {
      setProblem(name === "" ? "nameMissing" : "passwordMissing");
      focus(name === "" ? "name" : "password");
      return;
    }
    setRunning(true);
    setProblem(null);
    const outcome = await signIn(name, password);
    if (outcome === "ok") {
      // A whole load, so that nothing of the page before stays in memory.
      window.location.assign(destination);
      return;
    }
    setRunning(false);
    setProblem(outcome);
    if (outcome === "wrong") focus("password");
  }

  function focus(field: "name" | "password"): void {
    const element = form.current?.elements.namedItem(field);
    if (element instanceof HTMLInputElement) element.focus();
  }

  const onName = problem === "nameMissing";
  const onPassword = problem === "passwordMissing";
  return (
    <form ref={form} onSubmit={onSubmit} noValidate className="mt-5 flex flex-col gap-3.5">
      <TextField
        tall
        label={t("name")}
        name="name"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        error={onName ? t("nameMissing") : undefined}
      />
      <TextField
        tall
        label={t("password")}
        name="password"
        type={shown ? "text" : "password"}
        autoComplete="current-password"
        error={onPassword ? t("passwordMissing") : undefined}
        end={
          <IconButton
            size="small"
            label={shown ? t("hidePassword") : t("showPassword")}
            onClick={() => setShown(!shown)}
          >
            {shown ? <EyeOff size={16} aria-hidden /> : <Eye size={16} aria-hidden />}
          </IconButton>
        }
      />
      {problem && !onName && !onPassword && (
        <p role="alert" className="rounded-control bg-crit-tint px-2.5 py-2 text-label text-crit">
          {t(problem)}
        </p>
      )}
      <Button type="submit" kind="primary" className="h-10" running={running && t("running")}>
        {t("submit")}
        <span className="inline-flex size-[18px] items-center justify-center rounded-badge border border-current">
          <CornerDownLeft size={11} aria-hidden />
        </span>
      </Button>
    </form>
  );
}
