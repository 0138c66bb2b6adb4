import { handleSignIn } from "@/server/console/auth/sign-in-handler";

export { handleSignIn as GET, handleSignIn as POST };
