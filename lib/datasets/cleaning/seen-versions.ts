/**
 * The version met of each id, and why it was left out, in eleven bytes an id: a hash table (open addressing) of 64-bit fingerprints. A Map of the ids
 * themselves would take ten times as much, and memory must hardly grow with the length of a snapshot. Two of three
 * million ids share a fingerprint with a probability below one in a million.
 */
import { hash32 } from './hash32.js';

/** Seeds of the two halves of a fingerprint. */
const HIGH = 0x243f6a88;
const LOW = 0x85a308d3;

export class SeenVersions {
  private size = 0;
  private high = new Uint32Array(1024);
  private low = new Uint32Array(1024);
  /** Version + 1; 0 marks a free place. */
  private versions = new Uint16Array(1024);
  private marks = new Uint8Array(1024);

  /** Notes that this version of the id was met. Returns the highest one met before; undefined where none was. */
  meet(id: string, version: number): number | undefined {
    if (this.size > this.versions.length / 2) this.grow();
    const [high, low] = [hash32(id, HIGH), hash32(id, LOW)];
    const before = this.versions[this.place(high, low)] as number;
    const noted = Math.min(version, 0xfffe) + 1;
    if (noted > before) this.put(high, low, noted);
    return before === 0 ? undefined : before - 1;
  }

  /** Marks an id that was met; a later version of it keeps the mark until it gets its own. */
  mark(id: string, mark: number): void {
    this.marks[this.place(hash32(id, HIGH), hash32(id, LOW))] = mark;
  }

  /** The mark of an id; 0 where it has none. */
  markOf(id: string): number {
    return this.marks[this.place(hash32(id, HIGH), hash32(id, LOW))] as number;
  }

  private put(high: number, low: number, noted: number): number {
    const place = this.place(high, low);
    if (this.versions[place] === 0) this.size++;
    this.high[place] = high;
    this.low[place] = low;
    this.versions[place] = noted;
    return place;
  }

  /** Where the fingerprint is, or would be. */
  private place(high: number, low: number): number {
    const mask = this.versions.length - 1;
    let place = low & mask;
    while (this.versions[place] !== 0 && (this.low[place] !== low || this.high[place] !== high))
      place = (place + 1) & mask;
    return place;
  }

  private grow(): void {
    const { high, low, versions, marks } = this;
    this.size = 0;
    this.high = new Uint32Array(versions.length * 2);
    this.low = new Uint32Array(versions.length * 2);
    this.versions = new Uint16Array(versions.length * 2);
    this.marks = new Uint8Array(versions.length * 2);
    versions.forEach((noted, place) => {
      if (noted === 0) return;
      const moved = this.put(high[place] as number, low[place] as number, noted);
      this.marks[moved] = marks[place] as number;
    });
  }
}
