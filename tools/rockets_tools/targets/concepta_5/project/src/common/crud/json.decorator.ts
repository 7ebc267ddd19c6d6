import { Transform } from 'class-transformer';

/** Takes and answers a value just as it is: no transformation reaches inside. */
export function AsJson(): PropertyDecorator {
  return Transform(({ obj, key }: { obj: Record<string, unknown>; key: string }) => obj[key]);
}
