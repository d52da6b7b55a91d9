/** Kinds of numbers that settings have. */
import { z } from 'zod';

/** From 0 to 1. */
export const share = () => z.number().min(0).max(1);
/** A whole number from 1. */
export const count = () => z.number().int().min(1);
