/** The only ornament: a line that breaks off at the form and goes on behind it. */
export function BrokenLine() {
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute inset-0 hidden items-center overflow-hidden lg:flex"
    >
      <svg
        aria-hidden="true"
        className="h-32 flex-1 text-control"
        viewBox="0 0 540 128"
        preserveAspectRatio="xMaxYMid slice"
      >
        <path d="M-900 64H296l14-10 16 18 18-8h190" fill="none" stroke="var(--line-2)" strokeWidth="1.5" />
        <circle cx="534" cy="64" r="3" fill="currentColor" />
      </svg>
      <div className="w-[345px] shrink-0" />
      <svg
        aria-hidden="true"
        className="h-32 flex-1 text-control"
        viewBox="0 0 540 128"
        preserveAspectRatio="xMinYMid slice"
      >
        <circle cx="6" cy="64" r="3" fill="currentColor" />
        <path
          d="M6 64h172l14 34 20-92 19 78 8-20h1200"
          fill="none"
          stroke="var(--line-2)"
          strokeWidth="1.5"
        />
      </svg>
    </div>
  );
}
