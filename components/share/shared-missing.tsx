import Link from "next/link";
import { buttonClass } from "@/components/ui/button-class";

/** In place of a stored view that isn't there or can't be drawn. */
export function SharedMissing(props: { title: string; text: string; to?: { href: string; label: string } }) {
  return (
    <div className="flex min-h-80 flex-1 flex-col items-center justify-center gap-1 p-5 text-center">
      <h1 className="text-dialog font-semibold">{props.title}</h1>
      <p className="text-text-2">{props.text}</p>
      {props.to && (
        <Link href={props.to.href} className={`${buttonClass()} mt-3`}>
          {props.to.label}
        </Link>
      )}
    </div>
  );
}
