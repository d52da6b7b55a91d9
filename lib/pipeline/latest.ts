/**
 * Remembers the last result of a step and what it was made for. One result, not several: a model takes gigabytes, and
 * whoever changes a setting seldom changes it back.
 */
export class Latest<T> {
  private key: string | null = null;
  private value: T | undefined;

  /** @param dispose frees a result that another takes the place of */
  constructor(private readonly dispose: (value: T) => Promise<void> = async () => {}) {}

  /** The result for this key: the remembered one, or else what `make` gives. A failure is not remembered. */
  async get(key: string, make: () => Promise<T>): Promise<T> {
    if (this.key === key) return this.value as T;
    await this.clear();
    const value = await make();
    [this.key, this.value] = [key, value];
    return value;
  }

  async clear(): Promise<void> {
    if (this.key === null) return;
    const value = this.value as T;
    [this.key, this.value] = [null, undefined];
    await this.dispose(value);
  }
}
