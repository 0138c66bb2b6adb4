export type StatusKind =
  | "ok"
  | "warn"
  | "crit"
  | "down"
  | "hanging"
  | "mismatch"
  | "unknown"
  | "draining"
  | "acknowledged"
  | "silenced"
  | "info";

/** Token of the colour that a shape is drawn in. */
const statusColour: Record<StatusKind, string> = {
  ok: "var(--ok)",
  warn: "var(--warn)",
  crit: "var(--crit)",
  down: "var(--crit)",
  hanging: "var(--crit)",
  mismatch: "var(--crit)",
  unknown: "var(--unknown)",
  draining: "var(--drain)",
  acknowledged: "var(--accent)",
  silenced: "var(--unknown)",
  info: "var(--accent)",
};

const box = <rect x="1.25" y="1.25" width="9.5" height="9.5" rx="1.5" fill="none" strokeWidth="1.5" />;
const ring = <circle cx="6" cy="6" r="4.75" fill="none" strokeWidth="1.5" />;

const shapes = {
  ok: <circle cx="6" cy="6" r="4.5" stroke="none" />,
  warn: <path d="M6 1 11.3 10.8H.7Z" stroke="none" />,
  crit: <path d="M6 .4 11.6 6 6 11.6.4 6Z" stroke="none" />,
  down: (
    <>
      {box}
      <path d="m4 4 4 4M8 4 4 8" strokeWidth="1.4" />
    </>
  ),
  hanging: (
    <>
      {box}
      <path d="M4.6 4v4M7.4 4v4" strokeWidth="1.4" />
    </>
  ),
  mismatch: (
    <>
      {box}
      <path d="M3.6 4.9h4.8M3.6 7.1h4.8M7.4 3.4 4.6 8.6" strokeWidth="1.1" />
    </>
  ),
  unknown: <circle cx="6" cy="6" r="4.6" fill="none" strokeWidth="1.4" strokeDasharray="2 1.6" />,
  draining: (
    <>
      {ring}
      <path d="M6 1.25a4.75 4.75 0 0 1 0 9.5Z" stroke="none" />
    </>
  ),
  acknowledged: (
    <>
      {ring}
      <path d="M3.9 6.2 5.4 7.6 8.1 4.6" fill="none" strokeWidth="1.3" />
    </>
  ),
  silenced: (
    <>
      {ring}
      <path d="m3 9 6-6" strokeWidth="1.4" />
    </>
  ),
  info: <rect x="1.5" y="1.5" width="9" height="9" rx="2" stroke="none" />,
} as const satisfies Record<StatusKind, React.JSX.Element>;

/**
 * The shape of a status, 10 px in rows and 12 in toasts. Without `label` it is decoration beside its word;
 * with one it stands alone, which the design allows in few places.
 */
export function StatusShape(props: { kind: StatusKind; size?: number; label?: string; className?: string }) {
  const { kind, size = 10, label } = props;
  const colour = statusColour[kind];
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 12 12"
      fill={colour}
      stroke={colour}
      strokeLinecap="round"
      className={`keep-colour shrink-0 ${props.className ?? ""}`}
      role={label ? "img" : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
    >
      {shapes[kind]}
    </svg>
  );
}
