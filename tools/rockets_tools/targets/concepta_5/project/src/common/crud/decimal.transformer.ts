import type { ValueTransformer } from 'typeorm';

/** PostgreSQL answers decimals as strings; entities have numbers. */
export const decimalTransformer: ValueTransformer = {
  to: (value?: number | null) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};
