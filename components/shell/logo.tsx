/** The mark: a pulse that ends in a point. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" className="keep-colour">
      <path
        d="M2 13h3.2l2.3-7 4.2 13 3.3-10.5 1.6 4.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="20.4" cy="13" r="2.1" fill="currentColor" />
    </svg>
  );
}
