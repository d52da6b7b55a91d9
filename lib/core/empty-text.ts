/** Whether a text has nothing to embed or search for: white space and control characters alone. */
export function isEmptyText(text: string): boolean {
  return !/[^\s\p{Cc}\p{Cf}]/u.test(text);
}
