/** Which columns stand at which width; a group's row has the same cells, or the table would grow a column. */
export const columnClass = {
  state: "w-[104px] pl-4 sm:w-[116px] sm:pl-5",
  severity: "w-[84px] max-sm:hidden",
  incident: "",
  started: "w-[124px] max-lg:hidden",
  detect: "w-[100px] max-md:hidden",
  mitigate: "w-[110px] max-[1400px]:w-[122px] max-[1400px]:pr-5 max-md:hidden",
  lead: "w-[112px] max-[1400px]:hidden",
} as const;
