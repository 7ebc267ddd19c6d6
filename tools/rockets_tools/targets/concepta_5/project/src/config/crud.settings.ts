import type { ClassTransformOptions } from 'class-transformer';

/** Only exposed properties pass, but what is inside a JSON column passes whole. */
const transformOptions: ClassTransformOptions = {
  strategy: 'exposeAll',
  excludeExtraneousValues: true,
};

/** How records become answers. */
export const crudSettings = {
  serialization: { toInstanceOptions: transformOptions, toPlainOptions: transformOptions },
};
