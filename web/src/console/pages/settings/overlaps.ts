// How long an earlier secret may go on beside a new one.
export const OVERLAPS: readonly { value: string; name: string }[] = [
  { value: "0", name: "not at all" },
  { value: "3600", name: "an hour" },
  { value: "86400", name: "a day" },
  { value: "604800", name: "a week" },
  { value: "2592000", name: "30 days" },
];
