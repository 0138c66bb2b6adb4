import { UnknownServer } from "@/components/server/unknown-server";

export default function ServerNotFound() {
  return <UnknownServer />;
}
