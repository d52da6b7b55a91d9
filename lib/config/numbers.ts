/** Kinds of numbers that settings have. */
import { z } from 'zod';

/** From 0 to 1. */
export const share = () => z.number().min(0).max(1);
/** A whole number from 1. */
export const count = () => z.number().int().min(1);
/** What seeds may be: 32 bits. */
export const seed = () => z.number().int().min(0).max(0xffffffff);
