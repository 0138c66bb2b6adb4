"use client";

export { default } from "@/components/ui/page-error";
