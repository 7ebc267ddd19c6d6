import { type ArgumentMetadata, BadRequestException, ValidationPipe } from '@nestjs/common';

const MAX_DEPTH = 64;
/** The transformer takes what it finds under `constructor` for a class, and fails on it. */
const FORBIDDEN_KEYS = ['constructor', '__proto__'];

/** The validation of bodies, after a look at what would break it. */
export class BodyPipe extends ValidationPipe {
  transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body') {
      if (Array.isArray(value)) {
        throw new BadRequestException(['the body must be an object']);
      }
      checkStructure(value, MAX_DEPTH);
    }
    return super.transform(value, metadata);
  }
}

function checkStructure(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (depth === 0) {
    throw new BadRequestException(['the body is nested too deeply']);
  }
  const forbidden = Object.keys(value).find((key) => FORBIDDEN_KEYS.includes(key));
  if (forbidden !== undefined) {
    throw new BadRequestException([`property ${forbidden} should not exist`]);
  }
  for (const inner of Object.values(value)) {
    checkStructure(inner, depth - 1);
  }
}
