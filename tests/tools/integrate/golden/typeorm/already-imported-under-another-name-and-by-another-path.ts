import { ProductEntity as P } from '../modules/product/entities/product.entity';
import { TagEntity } from '@/modules/tag/entities/tag.entity';
export const s = { entities: [P, TagEntity] };
//// after
import { ProductEntity as P } from '../modules/product/entities/product.entity';
import { TagEntity } from '@/modules/tag/entities/tag.entity';
export const s = { entities: [P, TagEntity] };
