/** Equal for queries with the same filters, in whatever order: the server names what it read by it. */
export function queryKeyOf(query: object): string {
  return JSON.stringify(Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1)));
}
