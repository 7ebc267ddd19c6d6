import type { CrudController } from '@concepta/nestjs-crud';
import { validationSettings } from '../../config/validation.settings';

/** What all CRUD controllers have in common; spread it into `@CrudController({...})`. */
export const CRUD_CONTROLLER_OPTIONS = {
  params: { id: { field: 'id', type: 'uuid', primary: true } },
  // The SDK's own transform options would empty JSON columns.
  validation: { ...validationSettings, transformOptions: {} },
} satisfies Partial<Parameters<typeof CrudController>[0]>;
