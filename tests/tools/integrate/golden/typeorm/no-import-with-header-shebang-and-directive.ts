#!/usr/bin/env node
// Licence: none

'use strict';

/** The settings. */
export const settings = { entities: [] };
//// after
#!/usr/bin/env node
// Licence: none

'use strict';

import { ProductEntity } from '../modules/product/entities/product.entity';
import { TagEntity } from '../modules/tag/entities/tag.entity';

/** The settings. */
export const settings = { entities: [ProductEntity, TagEntity] };
