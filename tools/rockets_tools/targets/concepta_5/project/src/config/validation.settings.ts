import type { ValidationPipeOptions } from '@nestjs/common';

/** How request bodies are checked: what a DTO does not declare is refused, not dropped. */
export const validationSettings: ValidationPipeOptions = {
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  // An entity without anything to choose takes {} as its body.
  forbidUnknownValues: false,
};
