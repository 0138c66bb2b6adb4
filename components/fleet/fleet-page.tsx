"use client";

export function FleetPage() {
  return <h1 className="sr-only">Wirewatch</h1>;
}
