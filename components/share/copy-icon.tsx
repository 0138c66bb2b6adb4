import { Check, Copy } from "lucide-react";

export function CopyIcon({ done }: { done: boolean }) {
  return done ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />;
}
